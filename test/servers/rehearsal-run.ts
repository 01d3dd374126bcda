import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RehearsalReport, Verdict } from '../../lib/rehearsal/report/report';
import { exitCodes } from '../../lib/rehearsal/run-rehearsal';

const root = join(__dirname, '..', '..');
const program = ['-r', require.resolve('tsx/cjs'), join(root, 'bin', 'rehearse.ts')];

/** Until then it has ended, or it hangs. */
const patienceMs = 180_000;

/** What the last processes of a run may take to go, once the command has ended. */
const goingMs = 15_000;

/** What the command line of the rehearsal did, and what it left. */
export interface RehearsalRun {
  readonly status: number | null;

  /** The JSON that it printed: a report, or why there is none. */
  readonly report: Partial<Omit<RehearsalReport, 'verdict'>> & {
    readonly verdict: Verdict | 'not run';
    readonly problems: readonly string[];
  };
  readonly stderr: string;

  /** Commands of processes that still run. */
  readonly stillRunning: readonly string[];

  /** Names in the folder for temporary files. */
  readonly stillThere: readonly string[];
}

/** Whether each of the runs of this file that should measure did so. */
const outcomes: boolean[] = [];

/** On a machine that is too busy a rehearsal measures nothing: so often it is tried. */
const tries = 3;

/**
 * Runs `bin/rehearse.ts` with `--json`, again where this machine was too busy to measure, and says so when it always was.
 *
 * @param words further words of the command line
 */
export async function measured(...words: readonly string[]): Promise<RehearsalRun> {
  let run = await rehearse(...words);
  for (let again = 1; again < tries && !wasMeasured(run); again += 1) {
    run = await rehearse(...words);
  }
  outcomes.push(wasMeasured(run));
  if (!wasMeasured(run)) {
    const { unmeasured, problems } = run.report;
    console.warn(`not measured in ${tries} tries:\n${(unmeasured ?? problems).join('\n')}`);
  }
  return run;
}

/** A test, the last one of a file: where nothing was measured, nothing was tried. On one's own machine the warnings tell. */
export function testSomethingWasMeasured(): void {
  test('something was measured', () => {
    if (process.env.CI === 'true' && outcomes.length > 0) {
      expect(outcomes).toContain(true);
    }
  });
}

/** Whether a rehearsal measured what it was to measure. */
export function wasMeasured({ status }: RehearsalRun): boolean {
  return status !== exitCodes['not measured'];
}

/**
 * Runs `bin/rehearse.ts` with `--json`.
 *
 * @param words further words of the command line
 */
export async function rehearse(...words: readonly string[]): Promise<RehearsalRun> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-server-'));
  const temporary = join(folder, 'temporary');
  const file = (name: string) => join(folder, name);
  // Processes that leave their group and their parent keep their environment.
  const mark = `REHEARSAL_TEST=${randomUUID()}`;
  try {
    mkdirSync(temporary);
    const rate = words.includes('--rate') ? [] : ['--rate', '500'];
    // Files, since a pipe stays open for as long as anybody has it.
    const out = openSync(file('stdout'), 'w');
    const error = openSync(file('stderr'), 'w');
    const child = spawn(
      process.execPath,
      [...program, '--json', '--requests', '200', ...rate, '--report', file('report'), ...words],
      { cwd: root, env: { ...process.env, ...variable(mark), TMPDIR: temporary }, stdio: ['ignore', out, error] },
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    clearTimeout(timer);
    closeSync(out);
    closeSync(error);
    const stillRunning = await afterThose(mark);
    return {
      status,
      // Nothing is printed by one that hung, and was killed.
      report: JSON.parse(readFileSync(file('stdout'), 'utf8') || '{"verdict":"not run","problems":[]}'),
      stderr: readFileSync(file('stderr'), 'utf8'),
      stillRunning,
      // What runs TypeScript keeps a cache there.
      stillThere: readdirSync(temporary).filter((name) => !name.startsWith('tsx-')),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Waits until all that bear a mark have ended; those that do not are named, and ended.
async function afterThose(mark: string): Promise<readonly string[]> {
  const deadline = performance.now() + goingMs;
  for (;;) {
    const running = processesWith(mark);
    if (running.length === 0 || performance.now() > deadline) {
      for (const { pid } of running) {
        end(pid);
      }
      return running.map(({ command }) => command.replace(/ [A-Za-z_]\w*=.*/s, ''));
    }
    await wait(50);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended
  }
}

function processesWith(mark: string): readonly { readonly pid: number; readonly command: string }[] {
  // The environment stands behind the command.
  return execFileSync('ps', [process.platform === 'darwin' ? '-axEww' : 'axeww', '-o', 'pid=,stat=,command='], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
    .split('\n')
    .flatMap((line) => {
      const [, pid, state, command] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return command?.includes(mark) && !state?.startsWith('Z') ? [{ pid: Number(pid), command }] : [];
    });
}

function variable(mark: string): NodeJS.ProcessEnv {
  const [name = '', value] = mark.split('=');
  return { [name]: value };
}
