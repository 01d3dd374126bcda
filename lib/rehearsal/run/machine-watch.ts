import { cpus } from 'node:os';

/** How busy this machine was for a while. */
export interface MachineUse {
  /** Share of the time in which the processors had work: 0 to 1; `undefined` when the system does not tell. */
  readonly busy: number | undefined;

  /** The longest time that this process came too late to do its own work, in milliseconds. */
  readonly lateMs: number;
}

interface Sample {
  readonly at: number;
  readonly lateMs: number;

  /** Since the machine was started, in milliseconds of one processor. */
  readonly idle: number;
  readonly total: number;
}

const tickMs = 20;

/** Long enough for the coarse clocks by which systems count the time of their processors, and for asking to cost nothing. */
const sampleMs = 1000;

/** Looks at how busy this machine is, since on one that is too busy a slow answer says nothing about who was slow. */
export class MachineWatch {
  private readonly samples: Sample[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastTick = 0;
  private lateMs = 0;

  start(): void {
    this.lastTick = performance.now();
    this.sample();
    this.timer = setInterval(() => this.tick(), tickMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** How busy the machine was between two moments: `performance.now()`. */
  between(from: number, to: number): MachineUse {
    this.tick();
    this.sample();
    // From the last sample before to the first one after.
    const first = this.samples.filter(({ at }) => at <= from).length - 1;
    const last = this.samples.filter(({ at }) => at < to).length;
    const span = this.samples.slice(Math.max(0, first), last + 1);
    const [begin, end] = [span[0], span.at(-1)];
    const total = begin && end ? end.total - begin.total : 0;
    return {
      busy: begin && end && total > 0 ? 1 - (end.idle - begin.idle) / total : undefined,
      // What a sample says of lateness belongs to the time before it.
      lateMs: Math.max(0, ...span.slice(1).map(({ lateMs }) => lateMs)),
    };
  }

  private tick(): void {
    const now = performance.now();
    this.lateMs = Math.max(this.lateMs, now - this.lastTick - tickMs);
    this.lastTick = now;
    if (now - (this.samples.at(-1)?.at ?? 0) >= sampleMs) {
      this.sample();
    }
  }

  private sample(): void {
    let idle = 0;
    let total = 0;
    for (const { times } of cpus()) {
      idle += times.idle;
      total += times.idle + times.user + times.nice + times.sys + times.irq;
    }
    this.samples.push({ at: performance.now(), lateMs: this.lateMs, idle, total });
    this.lateMs = 0;
  }
}
