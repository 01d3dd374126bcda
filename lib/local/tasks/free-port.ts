import { createServer } from 'node:net';

/** Those that were given to somebody who may not listen yet. */
const given = new Set<number>();

/** A local port for one task alone. */
export interface FreePort {
  readonly port: number;

  /** Says that it is not needed any more. */
  release(): void;
}

/** Finds a local port on which nobody listens. Within this process nobody gets the same one before it is released. */
export async function freePort(): Promise<FreePort> {
  for (;;) {
    const port = await unusedPort();
    if (!given.has(port)) {
      given.add(port);
      return { port, release: () => given.delete(port) };
    }
  }
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('expected a port');
  }
  return address.port;
}
