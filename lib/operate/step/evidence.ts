import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ReleaseState } from '../../release/release';
import type { Output } from '../../terminal/output';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { Check } from '../gate/check';
import type { DeployedAlarm } from '../measured/alarm-state';
import type { MeasuredMinute } from '../measured/measured-minute';
import { OperateError } from '../operate-error';

/** What is kept of one step: who did it, what was known, and what came of it. */
export interface StepEvidence {
  /** ARN of the caller. */
  readonly who: string;

  /** When the command began, and when it ended: ISO 8601. */
  readonly begun: string;
  readonly ended: string;
  readonly stack: string;
  readonly step: string;
  readonly before: ReleaseState;
  readonly after: ReleaseState;
  readonly checks: readonly Check[];
  readonly minutes: readonly MeasuredMinute[];
  readonly alarms: readonly DeployedAlarm[];

  /** The command that deployed it; `undefined`: it did not come to that. */
  readonly command: string | undefined;
  readonly outcome: { readonly kind: string; readonly sentence: string; readonly exitCode: ExitCode };
}

/** A folder with one file for each step that was tried. */
export class EvidenceFolder {
  private constructor(private readonly path: string) {}

  /**
   * Makes the folder where it is not there.
   *
   * @throws OperateError when nothing can be written there
   */
  static open(path: string): EvidenceFolder {
    try {
      for (const missing of missingFolders(path)) {
        mkdirSync(missing);
      }
      readdirSync(path);
      accessSync(path, constants.W_OK);
    } catch (error) {
      throw new OperateError(
        `--evidence: got ${path}, expected a folder that can be written to (${(error as Error).message})`,
        exitCodes.usage,
      );
    }
    return new EvidenceFolder(path);
  }

  /** Writes down a step, and says where. The step is made by then: what cannot be written does not undo it. */
  write(evidence: StepEvidence, err: Output): void {
    // Sorted by name, they stand in the order in which they were made.
    const when = evidence.begun.replace(/[:.]/g, '-');
    const file = join(this.path, `${when}-${evidence.stack}-${evidence.step.replace(/[^A-Za-z0-9]+/g, '-')}.json`);
    try {
      writeFileSync(file, `${JSON.stringify({ ...evidence, minutes: evidence.minutes.map(withTime) }, undefined, 2)}\n`);
      err.write(`evidence: ${file}\n`);
    } catch (error) {
      err.write(`--evidence: got ${(error as Error).message}, expected to write ${file}; the evidence of this step is lost\n`);
    }
  }
}

// One after the other: asked for all at once, Node.js tries for ever where the file system takes no folder, such as below /proc.
function missingFolders(path: string): readonly string[] {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) {
    missing.unshift(folder);
  }
  return missing;
}

// A moment that a person can read.
function withTime({ at, slots }: MeasuredMinute) {
  return { at: new Date(at).toISOString(), slots };
}
