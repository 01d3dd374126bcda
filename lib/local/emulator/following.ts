import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ChangeAnswer, Follower, ResourceChange } from './follower';

type Told = ResourceChange & { readonly change: number };

interface Stop {
  readonly stop: { readonly task: string; readonly reason: string };
}

/** Tells a follower of every change that the emulator writes down, and answers what came of it. Several may be under way at a time. */
export function followChanges(changes: Readable, follower: Follower, answers: Writable): void {
  const lines = createInterface({ input: changes });
  // As when it ends: there are no more changes.
  lines.on('error', () => {});
  lines.on('line', async (line) => {
    const message = JSON.parse(line) as Told | Stop;
    if ('stop' in message) {
      follower.stopTask?.(message.stop.task, message.stop.reason);
      return;
    }
    const { change: answer, ...change } = message;
    writeLine(answers, { answer, ...(await follow(follower, change)) });
  });
}

async function follow(follower: Follower, change: ResourceChange): Promise<ChangeAnswer> {
  try {
    return await follower.changed(change);
  } catch (problem) {
    return { problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** Writes a message in a line; nothing, when nobody reads any more. */
export function writeLine(lines: Writable, message: object): void {
  if (lines.writable) {
    lines.write(`${JSON.stringify(message)}\n`);
  }
}
