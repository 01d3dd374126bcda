import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What an app counted in one phase of a rehearsal. */
export interface AppCount {
  /** Requests that came in: tries of Envoy. */
  readonly received: number;

  /** Answers with a status below 400 that went out. */
  readonly ok: number;

  /** Answers with another status that went out. */
  readonly error: number;
}

const kinds = ['received', 'ok', 'error'] as const;
const bytes = 4;
const bytesPerPhase = kinds.length * bytes;

/**
 * An app's counters in a file, so that they outlive the app even when it is killed.
 *
 * One number per phase and kind, each at its own place: four bytes, little-endian.
 */
export class Counters {
  private readonly counts = new Map<number, { -readonly [K in keyof AppCount]: AppCount[K] }>();
  private readonly file: number;
  private readonly cell = Buffer.alloc(bytes);

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  add(phase: number, kind: keyof AppCount): void {
    const count = this.counts.get(phase) ?? { received: 0, ok: 0, error: 0 };
    this.counts.set(phase, count);
    count[kind] += 1;
    this.cell.writeUInt32LE(count[kind]);
    writeSync(this.file, this.cell, 0, bytes, phase * bytesPerPhase + kinds.indexOf(kind) * bytes);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Reads what an app counted, by number of the phase. */
export function readCounters(path: string): ReadonlyMap<number, AppCount> {
  const content = readFileSync(path);
  const cell = (offset: number) => (offset + bytes <= content.length ? content.readUInt32LE(offset) : 0);
  const phases = Array.from({ length: Math.ceil(content.length / bytesPerPhase) }, (_, phase) => phase);
  return new Map(
    phases.map((phase) => {
      const [received = 0, ok = 0, error = 0] = kinds.map((_, index) => cell(phase * bytesPerPhase + index * bytes));
      return [phase, { received, ok, error }];
    }),
  );
}
