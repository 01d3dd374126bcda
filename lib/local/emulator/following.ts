import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { AlarmState, ChangeAnswer, Follower, ResourceChange, StackEvent } from './follower';

type Told = ResourceChange & { readonly change: number };

/** What nobody waits for. */
interface News {
  readonly stop?: { readonly task: string; readonly reason: string };
  readonly stackEvent?: StackEvent;
  readonly alarm?: AlarmState;
}

/** Tells a follower of every change that the emulator writes down, and answers what came of it. Several may be under way at a time. */
export function followChanges(changes: Readable, follower: Follower, answers: Writable): void {
  const lines = createInterface({ input: changes });
  // As when it ends: there are no more changes.
  lines.on('error', () => {});
  lines.on('line', async (line) => {
    const message = JSON.parse(line) as Told | News;
    if ('change' in message) {
      const { change: answer, ...change } = message;
      writeLine(answers, { answer, ...(await follow(follower, change)) });
    } else {
      hear(follower, message);
    }
  });
}

function hear(follower: Follower, { stop, stackEvent, alarm }: News): void {
  if (stop) {
    follower.stopTask?.(stop.task, stop.reason);
  }
  if (stackEvent) {
    follower.stackEvent?.(stackEvent);
  }
  if (alarm) {
    follower.alarm?.(alarm);
  }
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
