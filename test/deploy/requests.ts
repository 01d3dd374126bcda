import { setTimeout as wait } from 'node:timers/promises';
import { LoadGenerator, type RequestResult } from '../../lib/rehearsal/load/load-generator';
import { withinChance } from '../../lib/rehearsal/statistics/binomial';

/** Label of a slot to the weight that it has. */
export type Weights = Readonly<Record<string, number>>;

/** How requests are sent. */
export interface RequestOptions {
  /** @default '/' */
  readonly path?: string;

  /** Requests per second. @default 500 */
  readonly rate?: number;

  /** @default - what the URL says */
  readonly host?: string;

  /** How long an answer may take, in milliseconds. @default 30000 */
  readonly patienceMs?: number;
}

/** No machine is so busy that an answer takes longer, in milliseconds: what takes longer is lost. */
const longEnoughMs = 30_000;

/** So many requests show whether a split is right. */
const sample = 500;

/** Requests of users, all the while: none is sent twice, so what is lost shows. */
export class Requests {
  private readonly results: RequestResult[] = [];
  private readonly load: LoadGenerator;
  private phase = 0;

  /** Begins to send them. */
  constructor(url: string, { path = '/', rate = 500, host, patienceMs = longEnoughMs }: RequestOptions = {}) {
    const { port, pathname } = new URL(url);
    this.load = new LoadGenerator({
      port: Number(port),
      path: `${pathname.replace(/\/$/, '')}${path}`,
      host,
      rate,
      timeoutMs: patienceMs,
      onResult: (result) => this.results.push(result),
    });
    this.load.start();
  }

  /** Those that got no good answer, by what became of them. */
  get lost(): Readonly<Record<string, number>> {
    return this.lostBefore(Number.POSITIVE_INFINITY);
  }

  /** The same of those that ended before a moment: `Date.now()`. */
  lostBefore(moment: number): Readonly<Record<string, number>> {
    const lost = this.results.filter((result) => isLost(result) && performance.timeOrigin + result.endedAt < moment);
    return countBy(lost, ({ status, problem, appSlot }) => `${status ?? problem} ${appSlot ?? ''}`.trim());
  }

  get answered(): number {
    return this.results.filter((result) => !isLost(result)).length;
  }

  /** All that came to an end, as they did. */
  get all(): readonly RequestResult[] {
    return this.results;
  }

  /** The share of a slot among the good answers of the last milliseconds. */
  share(label: string, milliseconds: number): number {
    const from = performance.now() - milliseconds;
    const answers = this.results.filter((result) => result.endedAt > from && !isLost(result));
    return answers.filter(({ appSlot }) => appSlot === label).length / answers.length;
  }

  /** Sends some more, waits for their answers, and counts who answered. */
  async split(count = sample): Promise<Readonly<Record<string, number>>> {
    this.phase += 1;
    const { phase } = this;
    this.load.phase = phase;
    await this.load.sentAtLeast(phase, count, new AbortController().signal);
    this.load.phase = 0;
    await this.load.ended(phase);
    const answers = this.results.filter((result) => result.phase === phase && !isLost(result));
    return countBy(answers, ({ appSlot = '' }) => appSlot);
  }

  /** Expects that requests are split by weights: exactly where a share is 0 or all, else within the exact bounds of chance. */
  async expectSplit(weights: Weights, count = sample): Promise<void> {
    const counts = await this.split(count);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
    expect(total).toBeGreaterThanOrEqual(count);
    expect(Object.keys(weights)).toEqual(expect.arrayContaining(Object.keys(counts)));
    for (const [slot, weight] of Object.entries(weights)) {
      const answers = counts[slot] ?? 0;
      expect({ slot, weight, answers, ok: withinChance(answers, total, weight / sum) }).toEqual({
        slot,
        weight,
        answers,
        ok: true,
      });
    }
  }

  /** Sends no more, and waits until all are over. */
  async stop(): Promise<void> {
    await this.load.stop();
    await wait(0);
  }
}

function isLost({ status }: RequestResult): boolean {
  return status !== 200;
}

function countBy<T>(values: readonly T[], key: (value: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) {
    counts[key(value)] = (counts[key(value)] ?? 0) + 1;
  }
  return counts;
}
