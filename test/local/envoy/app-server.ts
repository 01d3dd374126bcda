import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An app on a free port: it says who it is, whether it is healthy, and is as slow as a request wants. */
export class AppServer {
  /** Status of `/health`. */
  health = 200;
  requests = 0;
  private readonly server: Server;

  constructor(readonly name: string) {
    this.server = createServer((request, response) => {
      if (request.url === '/health') {
        response.statusCode = this.health;
        response.end();
        return;
      }
      this.requests += 1;
      setTimeout(() => response.end(this.name), Number(request.headers['x-delay'] ?? 0));
    });
    // Whoever closes a connection that Envoy still uses loses requests.
    this.server.keepAliveTimeout = 0;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
