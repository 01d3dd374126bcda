// Raw sockets, HTTP/1.0 without a length: 301 on everything but the health check.
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char healthy[] = "HTTP/1.0 200 OK\r\n\r\nhealthy\n";
static const char moved[] = "HTTP/1.0 301 Moved Permanently\r\nLocation: https://example.com/\r\n\r\nmoved\n";

static void answer(int client) {
  char request[8192] = "";
  size_t length = 0;
  while (length < sizeof request - 1 && !strstr(request, "\r\n\r\n")) {
    ssize_t got = read(client, request + length, sizeof request - 1 - length);
    if (got <= 0) {
      return;
    }
    length += got;
    request[length] = 0;
  }
  const char *text = strncmp(request, "GET /health ", 12) ? moved : healthy;
  if (write(client, text, strlen(text)) < 0) {
    return;
  }
  // Only when the other side has read all of it and closed, too: a connection that is just dropped may take the answer along.
  shutdown(client, SHUT_WR);
  while (read(client, request, sizeof request) > 0) {
  }
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  int one = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT")))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 128)) {
    return 1;
  }
  for (;;) {
    int client = accept(server, NULL, NULL);
    if (client >= 0) {
      answer(client);
      close(client);
    }
  }
}
