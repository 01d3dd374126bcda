import type { AppCount } from '../../local/tasks/counters';
import type { Fault } from '../../local/tasks/fault';
import { type SlotApp, SlotProcess } from '../../local/tasks/slot-process';
import { TemporaryFolder } from '../../local/tasks/temporary-folder';
import type { Findings } from '../findings';
import { RehearsalError } from '../rehearsal-error';

/** The apps of a run: one process for each slot that the current step has. */
export class SlotProcesses {
  private readonly running = new Map<string, SlotProcess>();
  private readonly stopped: SlotProcess[] = [];

  /** Apps that had ended by themselves before they were stopped. */
  private readonly gone: { readonly slot: string; readonly lost: string }[] = [];
  private readonly ending = new AbortController();
  private readonly starting = new Set<Promise<unknown>>();
  private folder: TemporaryFolder | undefined;

  constructor(
    private readonly apps: readonly SlotApp[],
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Starts the apps of the slots in which none runs yet, and waits until they are healthy.
   *
   * @throws LocalError when one of them ends, or does not become healthy in time
   */
  async start(slots: readonly string[]): Promise<void> {
    await Promise.all(slots.filter((slot) => !this.running.has(slot)).map((slot) => this.startOne(slot)));
  }

  async stop(slot: string): Promise<void> {
    const process = this.running.get(slot);
    if (process) {
      const lost = this.lostOf(slot);
      await process.stop();
      this.running.delete(slot);
      this.stopped.push(process);
      this.gone.push(...(lost === undefined ? [] : [{ slot, lost }]));
    }
  }

  /** Stops the apps of all slots; what they counted can still be asked for. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((slot) => this.stop(slot)));
  }

  /** The local port of a slot; `undefined` while its app does not run. */
  port(slot: string): number | undefined {
    return this.running.get(slot)?.port;
  }

  /**
   * Makes the app of a slot misbehave.
   *
   * @param delayMs for `slow`: how much later answers come, in milliseconds
   * @returns what shows that it does not; `undefined` when nothing does
   */
  async misbehave(fault: Fault, delayMs: number): Promise<string | undefined> {
    return this.running.get(fault.slot)?.misbehave(fault, delayMs);
  }

  /** What the apps counted, by slot and phase. A slot may have run several times; one whose app does not count has no entry. */
  counts(): Findings['apps'] {
    const apps = new Map<string, Map<number, AppCount>>();
    for (const process of this.all) {
      const counts = process.counts();
      if (counts === undefined) {
        continue;
      }
      const sums = apps.get(process.slot) ?? new Map<number, AppCount>();
      apps.set(process.slot, sums);
      for (const [phase, { received, ok, error }] of counts) {
        const sum = sums.get(phase) ?? { received: 0, ok: 0, error: 0 };
        sums.set(phase, { received: sum.received + received, ok: sum.ok + ok, error: sum.error + error });
      }
    }
    return apps;
  }

  /** The apps that ended by themselves, in words; that of `broken` was meant to. */
  lost(broken: string | undefined): string[] {
    const now = [...this.running.keys()].flatMap((slot) => {
      const lost = this.lostOf(slot);
      return lost === undefined ? [] : [{ slot, lost }];
    });
    return [...this.gone, ...now].filter(({ slot }) => slot !== broken).map(({ lost }) => lost);
  }

  /** That the app of a slot ended by itself, in words; `undefined` when it did not. */
  lostOf(slot: string): string | undefined {
    const lost = this.running.get(slot)?.lost;
    return lost === undefined ? undefined : `slot ${slot}: its app ${lost}`;
  }

  /** What was odd about the apps although they did their work, in words. */
  remarks(): string[] {
    return this.all.flatMap(({ slot, remarks }) => remarks.map((remark) => `slot ${slot}: ${remark}`));
  }

  /** Ends all of them. May be called at any time. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled([...this.starting, this.stopAll()]);
    // One may have become healthy at that very moment.
    await this.stopAll();
    this.folder?.remove();
  }

  private get all(): readonly SlotProcess[] {
    return [...this.stopped, ...this.running.values()];
  }

  private async startOne(slot: string): Promise<void> {
    const app = this.apps.find((each) => each.slot === slot);
    if (app === undefined) {
      throw new RehearsalError(`slot ${slot}: got no app for it`);
    }
    this.folder ??= TemporaryFolder.make('rehearsal-');
    // One that does not start ends the run, and with it the others that are on their way.
    const starting = SlotProcess.start(app, this.folder.path, AbortSignal.any([this.signal, this.ending.signal]));
    this.starting.add(starting);
    this.running.set(slot, await starting);
    this.starting.delete(starting);
  }
}
