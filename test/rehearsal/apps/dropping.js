// Breaks off one answer in twenty after its head went out, when nobody can send the request again.
const { createServer } = require('node:http');

let requests = 0;
const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.end('healthy\n');
    return;
  }
  requests += 1;
  if (requests % 20 === 0) {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('only the beginning');
    setTimeout(() => request.socket.destroy(), 5);
    return;
  }
  response.end('whole\n');
});
server.keepAliveTimeout = 0;
server.listen(Number(process.env.PORT), '127.0.0.1');
