import { Agent, request } from 'node:http';
import { rehearsalHeaders } from '../../local/envoy/envoy-configuration';

/** Where and how requests are sent. */
export interface LoadOptions {
  /** Port on the loopback address. */
  readonly port: number;
  readonly path: string;

  /**
   * The host that the requests ask for.
   *
   * @default - the loopback address
   */
  readonly host?: string | undefined;

  /** Requests per second. They are sent at this rate whatever the answers do. */
  readonly rate: number;

  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;

  /** Told of every request when its answer is complete, or when it failed. */
  readonly onResult: (result: RequestResult) => void;
}

/** One request and what became of it. */
export interface RequestResult {
  readonly phase: number;

  /** `performance.now()` when it was sent, and when its answer was complete or it failed. */
  readonly sentAt: number;
  readonly endedAt: number;

  /** HTTP status; `undefined` when there was no complete answer. */
  readonly status: number | undefined;

  /** Why there was no complete answer: a code such as `ECONNRESET`, or `timeout`. */
  readonly problem: string | undefined;

  /** Label of the slot that Envoy chose. */
  readonly slot: string | undefined;

  /** Version of the routes by which it chose. */
  readonly route: string | undefined;

  /** Label by which the app itself answered. */
  readonly appSlot: string | undefined;
}

/** Longer headers than Envoy lets through, so that none of them fails here. In bytes. */
const maxHeaderSize = 128 * 1024;

/** So many requests may be under way; those that are due beyond that are not sent, and counted as unsent. */
export const maxUnderWay = 4096;

/**
 * Sends requests at a fixed rate and never twice: what fails is counted, not hidden by another try.
 *
 * An open loop: a slow answer does not hold back the requests after it, as no user waits for another one.
 */
export class LoadGenerator {
  /** Number of the current phase. It goes with every request. */
  phase = 0;

  private readonly agent: Agent;
  private readonly underWay = new Map<number, number>();
  private readonly sent = new Map<number, number>();
  private readonly unsent = new Map<number, number>();
  private total = 0;
  private waiters: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private startedAt = 0;
  private due = 0;

  constructor(private readonly options: LoadOptions) {
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: Number.POSITIVE_INFINITY,
      maxFreeSockets: maxUnderWay,
      scheduling: 'fifo',
    });
  }

  /** Where requests are sent. */
  get port(): number {
    return this.options.port;
  }

  start(): void {
    this.startedAt = performance.now();
    this.due = 0;
    const tick = () => {
      const due = Math.floor(((performance.now() - this.startedAt) * this.options.rate) / 1000);
      while (this.due < due && this.total < maxUnderWay) {
        this.due += 1;
        this.send(this.phase);
      }
      if (this.due < due) {
        this.unsent.set(this.phase, this.unsentIn(this.phase) + due - this.due);
        this.due = due;
      }
      this.timer = setTimeout(tick, 1);
    };
    tick();
  }

  /** Sends no more, and waits until every request has ended. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.until(() => this.total === 0);
    this.agent.destroy();
  }

  /** Sends no more, and drops what is under way. */
  abort(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.agent.destroy();
  }

  /** How many requests were sent in a phase. */
  sentIn(phase: number): number {
    return this.sent.get(phase) ?? 0;
  }

  /** Requests that were due in a phase and never sent, because too many were under way. */
  unsentIn(phase: number): number {
    return this.unsent.get(phase) ?? 0;
  }

  /** Waits until so many requests were sent in a phase. */
  async sentAtLeast(phase: number, count: number, signal: AbortSignal): Promise<void> {
    await this.until(() => this.sentIn(phase) >= count || signal.aborted);
    signal.throwIfAborted();
  }

  /** Waits until every request of a phase has ended. */
  async ended(phase: number): Promise<void> {
    await this.until(() => (this.underWay.get(phase) ?? 0) === 0);
  }

  /** Sends one request beside the load, and waits for its answer. */
  async one(phase: number, headers: Readonly<Record<string, string>>): Promise<RequestResult> {
    return new Promise((resolve) => this.send(phase, headers, resolve));
  }

  private send(phase: number, headers: Readonly<Record<string, string>> = {}, onResult = this.options.onResult): void {
    const { port, path, host, timeoutMs } = this.options;
    const sentAt = performance.now();
    let over = false;
    const end = (result: Partial<RequestResult>) => {
      if (over) {
        return;
      }
      over = true;
      clearTimeout(timer);
      this.count(phase, -1);
      onResult({
        phase,
        sentAt,
        endedAt: performance.now(),
        status: undefined,
        problem: undefined,
        slot: undefined,
        route: undefined,
        appSlot: undefined,
        ...result,
      });
      this.wake();
    };
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        agent: this.agent,
        maxHeaderSize,
        headers: { ...(host === undefined ? {} : { host }), ...headers, [rehearsalHeaders.phase]: `${phase}` },
      },
      (incoming) => {
        const header = (name: string) => incoming.headers[name] as string | undefined;
        const answer = {
          slot: header(rehearsalHeaders.slot),
          route: header(rehearsalHeaders.route),
          appSlot: header(rehearsalHeaders.appSlot),
        };
        incoming.resume();
        incoming.on('end', () => end({ ...answer, status: incoming.statusCode }));
        incoming.on('error', (error: NodeJS.ErrnoException) => end({ ...answer, problem: error.code ?? error.message }));
      },
    );
    const timer = setTimeout(() => {
      end({ problem: 'timeout' });
      outgoing.destroy();
    }, timeoutMs);
    outgoing.on('error', (error: NodeJS.ErrnoException) => end({ problem: error.code ?? error.message }));
    this.sent.set(phase, this.sentIn(phase) + 1);
    this.count(phase, 1);
    outgoing.end();
    this.wake();
  }

  private count(phase: number, change: number): void {
    this.total += change;
    this.underWay.set(phase, (this.underWay.get(phase) ?? 0) + change);
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
  }

  private wake(): void {
    if (this.waiters.length > 0) {
      const waiters = this.waiters;
      this.waiters = [];
      for (const waiter of waiters) {
        waiter();
      }
    }
  }
}
