import { setTimeout as wait } from 'node:timers/promises';
import { LiveArea } from '../../terminal/live-area';
import { isLive, type Output } from '../../terminal/output';
import { paintFor } from '../../terminal/paint';
import type { AskedService } from '../asked-service';
import { awsClients } from '../aws-clients';
import type { OperateLine } from '../command-line';
import { type ExitCode, exitCodes } from '../exit-codes';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { roomOf } from '../screen/room';
import { momentInWords } from './moment';
import { readStatus } from './read-status';
import type { Status } from './status';
import { statusJson } from './status-json';
import { statusLine, statusLines } from './status-text';

/** So often is looked at what there is, in milliseconds. */
const usualPauseMs = 5000;

/** What of the command line counts here. */
export type StatusLine = Pick<OperateLine, 'json' | 'watch' | 'timeoutMs' | 'ladder' | 'to'>;

/**
 * Shows how a release stands: once, or with `watch` until the time is over or the signal comes.
 *
 * @param read asks how it stands
 * @param pauseMs between two looks
 */
export async function runStatus(
  line: StatusLine,
  asked: AskedService,
  terminal: OperateTerminal,
  signal: AbortSignal,
  read: () => Promise<Status> = () => readStatus(awsClients(terminal.environment), { asked, ...line }),
  pauseMs: number = usualPauseMs,
): Promise<ExitCode> {
  const status = await firstOf(read, line, asked, terminal);
  if (line.watch) {
    return await watch(line, status, terminal, signal, read, pauseMs);
  }
  if (line.json) {
    terminal.out.write(`${JSON.stringify(statusJson(status), null, 2)}\n`);
    tellProblems(status, terminal.err);
  } else {
    terminal.out.write(`${screen(status, terminal.out, terminal.environment).join('\n')}\n`);
  }
  return exitCodeOf(status);
}

// Who reads JSON gets some, also when there is nothing to tell but why.
async function firstOf(
  read: () => Promise<Status>,
  { json }: StatusLine,
  { stackName }: AskedService,
  { out }: OperateTerminal,
): Promise<Status> {
  try {
    return await read();
  } catch (error) {
    if (json && error instanceof OperateError) {
      out.write(`${JSON.stringify({ status: 'unknown', stack: stackName, problems: error.problems })}\n`);
    }
    throw error;
  }
}

/** With one slot, or while it waits for a person, all is well. */
export function exitCodeOf({ word }: Pick<Status, 'word'>): ExitCode {
  return word === 'steady' || word === 'waiting' ? exitCodes.done : exitCodes.differs;
}

async function watch(
  line: StatusLine,
  first: Status,
  terminal: OperateTerminal,
  signal: AbortSignal,
  read: () => Promise<Status>,
  pauseMs: number,
): Promise<ExitCode> {
  const { out, environment } = terminal;
  const isDrawn = !line.json && isLive(out, environment);
  const area = isDrawn ? await LiveArea.at(out) : undefined;
  const end = line.timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + line.timeoutMs;
  let status: Status | undefined = first;
  let problem = '';
  let told = '';
  try {
    for (;;) {
      const news = status ? statusLine(status) : problem;
      if (area) {
        const lines = status ? screen(status, out, environment) : [problem];
        area.draw([...lines.slice(0, area.rows)]);
      } else if (news !== told) {
        tell(news, status, line, terminal);
      }
      told = news;
      const left = end - Date.now();
      if (left <= 0) {
        return exitCodes.waiting;
      }
      await wait(Math.min(pauseMs, left), undefined, { signal });
      try {
        status = await read();
      } catch (error) {
        // What is watched for hours may not answer for a moment.
        if (!(error instanceof OperateError)) {
          throw error;
        }
        status = undefined;
        problem = error.message;
      }
    }
  } catch (error) {
    if (signal.aborted) {
      return exitCodes.stopped;
    }
    throw error;
  } finally {
    area?.end();
  }
}

function tell(news: string, status: Status | undefined, { json }: StatusLine, { out, err }: OperateTerminal): void {
  if (status === undefined) {
    err.write(`${news}\n`);
  } else if (json) {
    out.write(`${JSON.stringify(statusJson(status))}\n`);
  } else {
    const now = new Date();
    out.write(`${momentInWords(now, now)} ${news}\n`);
  }
}

function tellProblems({ problems }: Status, err: Output): void {
  for (const problem of problems) {
    err.write(`${problem}\n`);
  }
}

function screen(status: Status, output: Output, environment: NodeJS.ProcessEnv): readonly string[] {
  return statusLines(status, { room: roomOf(output), paint: paintFor(output, environment), now: new Date() });
}
