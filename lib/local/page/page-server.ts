import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { requestRefusal } from './request-refusal';
import type { About, PageMessage } from './view';
import type { Known, WatchedAws } from './watched-aws';

/** What the page is served with. */
export interface PageServerProps {
  readonly watched: WatchedAws;
  readonly about: About;

  /**
   * How long a message may wait for who does not read, in milliseconds. Then the connection is cut: a page that is still there comes again
   * by itself.
   *
   * @default 10 000
   */
  readonly patienceMs?: number;
}

/** So often at most somebody is told, in milliseconds. */
const tickMs = 250;

/** So often somebody is told in any case, in milliseconds: who hears nothing for longer has lost the connection. */
const heartbeatMs = 2000;

/** As many windows as nobody has open. */
const mostReaders = 50;

const defaultPatienceMs = 10_000;

const files = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
  ...Object.fromEntries(
    ['page', 'chart', 'elements', 'events', 'seconds', 'services', 'stacks', 'traffic'].map((name) => [
      `/${name}.mjs`,
      { file: `${name}.mjs`, type: 'text/javascript; charset=utf-8' },
    ]),
  ),
} as const;

/** Sent with every answer: nobody else may frame, read or keep it, and the page runs nothing but its own files. */
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
} as const;

interface Reader {
  readonly response: ServerResponse;
  known: Known | undefined;

  /** As `performance.now()`. */
  toldAt: number;
}

/** The page that shows an AWS on this machine while it changes: on a free port of 127.0.0.1, to be read and not to be driven. */
export class PageServer {
  /** Starts to serve. */
  static async start(props: PageServerProps): Promise<PageServer> {
    const page = new PageServer(props);
    await new Promise<void>((resolve, reject) => {
      page.server.once('error', reject);
      page.server.listen(0, '127.0.0.1', resolve);
    });
    return page;
  }

  private readonly server: Server;
  private readonly readers = new Set<Reader>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly props: PageServerProps) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  /** Where the page is. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How many windows show the page now. */
  get readerCount(): number {
    return this.readers.size;
  }

  /** Ends at once. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(headers)) {
      response.setHeader(name, value);
    }
    const refusal = requestRefusal(request, this.port);
    const { method, url = '' } = request;
    if (refusal) {
      if (refusal.status === 405) {
        response.setHeader('Allow', 'GET, HEAD');
      }
      plain(response, refusal.status, refusal.reason);
    } else if (url === '/events') {
      this.stream(response, method === 'HEAD');
    } else {
      const found = Object.hasOwn(files, url) ? files[url as keyof typeof files] : undefined;
      if (found === undefined) {
        plain(response, 404, 'nothing is here');
      } else {
        const body = readFileSync(join(__dirname, 'browser', found.file));
        response.writeHead(200, { 'Content-Type': found.type, 'Content-Length': body.length });
        response.end(method === 'HEAD' ? undefined : body);
      }
    }
  }

  private stream(response: ServerResponse, isHead: boolean): void {
    if (this.readers.size >= mostReaders) {
      plain(response, 503, `${mostReaders} windows show the page already: close one`);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    if (isHead) {
      response.end();
      return;
    }
    const reader: Reader = { response, known: undefined, toldAt: performance.now() };
    this.readers.add(reader);
    response.on('close', () => {
      this.readers.delete(reader);
      if (this.readers.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    });
    response.on('error', () => {});
    response.write('retry: 1000\n\n', () => this.tell(reader));
    this.timer ??= setInterval(() => {
      for (const each of this.readers) {
        this.tell(each);
      }
    }, tickMs);
  }

  // Who has not read the last message yet is told later of all that is new then: no more than one waits.
  private tell(reader: Reader): void {
    const { watched, about, patienceMs = defaultPatienceMs } = this.props;
    const { response, toldAt } = reader;
    const now = performance.now();
    if (response.writableLength > 0) {
      if (now - toldAt > patienceMs) {
        response.destroy();
      }
      return;
    }
    const { message: news, known } = watched.since(reader.known, Date.now());
    const message: PageMessage = news.isWhole ? { ...news, about } : news;
    reader.known = known;
    if (Object.keys(message).length > 1 || now - toldAt >= heartbeatMs) {
      reader.toldAt = now;
      response.write(`data: ${JSON.stringify(message)}\n\n`);
    }
  }
}

function plain(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${words}\n`);
}
