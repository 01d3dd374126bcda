/** How long after the end of a minute it is told, in milliseconds: what happened in it has arrived by then. */
const graceMs = 250;

/**
 * How many minutes without anything are told at once, at most: more than an alarm of a service looks back. After a sleep of the machine
 * there would be some ten thousand of them.
 */
const mostEmpty = 200;

/** What minutes are told to. */
export interface MinutesProps<T> {
  /** How long a minute takes, in seconds. */
  readonly minuteSeconds: number;

  /** Makes what gathers what happens in a minute. */
  readonly make: () => T;

  /**
   * Told of every minute that is over, in their order. When so many were missed that no alarm looks back at the first of them, those of
   * them are left out in which nothing happened.
   *
   * @param startedAt when it began, as `Date.now()`
   */
  readonly onOver: (startedAt: number, gathered: T) => void;
}

/** The minutes of CloudWatch, which begin at whole multiples of their length since 1970, with what happens in each. */
export class Minutes<T> {
  private readonly lengthMs: number;
  private readonly open = new Map<number, T>();
  private timer: NodeJS.Timeout | undefined;

  /** Number of the first minute since 1970 that was not told yet. */
  private next: number;

  constructor(private readonly props: MinutesProps<T>) {
    this.lengthMs = props.minuteSeconds * 1000;
    this.next = this.numberAt(Date.now());
  }

  /** Begins to tell, from the minute on that it is. */
  start(): void {
    this.next = this.numberAt(Date.now());
    this.wait();
  }

  /** Tells no more. */
  stop(): void {
    clearTimeout(this.timer);
  }

  /**
   * What gathers what happened at a time. What comes too late for its minute counts in the first one that was not told yet.
   *
   * @param time as `Date.now()`
   */
  at(time: number): T {
    // Nothing happens later than now, whatever the clock of another process says.
    const number = Math.max(this.next, this.numberAt(Math.min(time, Date.now())));
    const known = this.open.get(number) ?? this.props.make();
    this.open.set(number, known);
    return known;
  }

  private numberAt(time: number): number {
    return Math.floor(time / this.lengthMs);
  }

  private wait(): void {
    const nextMs = (this.next + 1) * this.lengthMs + graceMs - Date.now();
    // It may be late, as after a sleep of the machine, and early: the clock may have been set.
    this.timer = setTimeout(() => this.look(), Math.min(nextMs, this.lengthMs + graceMs)).unref();
  }

  private look(): void {
    const now = this.numberAt(Date.now() - graceMs);
    while (this.next < now) {
      const number = this.next;
      const gathered = this.open.get(number);
      this.open.delete(number);
      this.next += 1;
      if (gathered !== undefined || number >= now - mostEmpty) {
        this.props.onOver(number * this.lengthMs, gathered ?? this.props.make());
      }
    }
    this.wait();
  }
}
