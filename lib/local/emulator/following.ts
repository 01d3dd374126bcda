import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ChangeAnswer, Follower, ResourceChange } from './follower';

/** Tells a follower of every change that the emulator writes down, and answers what came of it. Several may be under way at a time. */
export function followChanges(changes: Readable, follower: Follower, answers: Writable): void {
  const lines = createInterface({ input: changes });
  // As when it ends: there are no more changes.
  lines.on('error', () => {});
  lines.on('line', async (line) => {
    const { change: answer, ...change } = JSON.parse(line) as ResourceChange & { readonly change: number };
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
