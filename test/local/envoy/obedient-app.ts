import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An app on a free port that does what the path of a request says: a status, `/crash`, `/half`, `/hang` or `/endless`. It takes web sockets. */
export async function obedientApp(): Promise<Server> {
  const server = createServer((request, response) => {
    switch (request.url?.split('?')[0]) {
      case '/crash':
        request.socket.destroy();
        break;
      case '/half':
        response.writeHead(200, { 'content-length': 1000 });
        response.write('half', () => request.socket.destroy());
        break;
      case '/hang':
        break;
      case '/endless':
        response.write('begins');
        break;
      default:
        response.statusCode = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 200);
        response.end('answer');
    }
  });
  server.on('upgrade', (_, socket) => {
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.resume();
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  });
  // Whoever closes a connection that Envoy still uses loses requests.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Where it listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
