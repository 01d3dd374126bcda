import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppCount } from '../../local/tasks/counters';
import type { Fault } from '../../local/tasks/fault';
import { type SlotApp, SlotProcess } from '../../local/tasks/slot-process';
import type { Findings } from '../findings';
import { RehearsalError } from '../rehearsal-error';

/** The apps of a run: one process for each slot that the current step has. */
export class SlotProcesses {
  private readonly running = new Map<string, SlotProcess>();
  private readonly stopped: SlotProcess[] = [];
  private folder = '';

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
    if (this.folder === '') {
      this.folder = await mkdtemp(join(tmpdir(), 'rehearsal-'));
    }
    await Promise.all(
      slots
        .filter((slot) => !this.running.has(slot))
        .map(async (slot) => {
          const app = this.apps.find((each) => each.slot === slot);
          if (app === undefined) {
            throw new RehearsalError(`slot ${slot}: got no app for it`);
          }
          this.running.set(slot, await SlotProcess.start(app, this.folder, this.signal));
        }),
    );
  }

  async stop(slot: string): Promise<void> {
    const process = this.running.get(slot);
    if (process) {
      await process.stop();
      this.running.delete(slot);
      this.stopped.push(process);
    }
  }

  /** The local port of a slot; `undefined` while its app does not run. */
  port(slot: string): number | undefined {
    return this.running.get(slot)?.port;
  }

  /**
   * Makes the app of a slot misbehave.
   *
   * @returns what shows that it does not, in words; `undefined` when it does
   */
  async misbehave(fault: Fault, delayMs: number): Promise<string | undefined> {
    await this.running.get(fault.slot)?.misbehave(fault, delayMs);
    return undefined;
  }

  /** What the apps counted, by slot and phase. A slot may have run several times; one whose app does not count has no entry. */
  counts(): Findings['apps'] {
    const apps = new Map<string, Map<number, AppCount>>();
    for (const process of [...this.stopped, ...this.running.values()]) {
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
    return [...this.running.values()]
      .filter(({ slot }) => slot !== broken)
      .flatMap(({ slot, lost }) => (lost === undefined ? [] : [`slot ${slot}: its app ${lost}`]));
  }

  /** Ends all of them. May be called at any time. */
  async end(): Promise<void> {
    await Promise.allSettled([...this.running.values()].map((slot) => slot.stop()));
    if (this.folder !== '') {
      await rm(this.folder, { recursive: true, force: true });
    }
  }
}
