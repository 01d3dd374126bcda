import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processTable } from '../../lib/local/tasks/process-table';
import { takesConnections } from '../../lib/local/tasks/task-processes';
import { until } from '../until';

const root = join(__dirname, '..', '..');

/** The words by which Node runs the command. */
export const program = ['-r', require.resolve('tsx/cjs'), join(root, 'bin', 'rehearse.ts')];

/** The environment of a command that keeps all that is temporary in a folder. */
export function environmentIn(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: folder, CDK_DISABLE_CLI_TELEMETRY: 'true' };
}

/** What is left in a folder. What runs TypeScript keeps a cache there. */
export function leftIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('tsx-'));
}

/** Where an app without an environment notes its number and its port. */
export function notesOf(folder: string): string {
  return `${folder}-started`;
}

/** A rehearsal that runs, with all its processes. */
export class RunningRehearsal {
  readonly child: ChildProcess;
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  output = '';
  errors = '';
  private readonly mark = randomUUID();

  /** @param folder where it runs, with all that it leaves behind */
  constructor(
    private readonly folder: string,
    words: readonly string[],
  ) {
    this.child = spawn(process.execPath, [...program, '--requests', '500', ...words], {
      env: { ...environmentIn(folder), TRIAL: this.mark, STARTED: notesOf(folder) },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve([code, signal])));
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.output += chunk;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.output += chunk;
      this.errors += chunk;
    });
  }

  async says(words: string): Promise<void> {
    // What it says instead tells more than that it took too long.
    await until(() => this.output.includes(words) || this.child.exitCode !== null).catch(() => {});
    expect(this.output).toContain(words);
  }

  /** What runs of it: by its environment, or, where it has another one, by the folder. */
  async processes(): Promise<readonly { pid: number; command: string }[]> {
    const all = await processTable().list(`TRIAL=${this.mark}`);
    const pids = new Set(all.filter(({ marked }) => marked).map(({ pid }) => pid));
    const lines = execFileSync('ps', ['-e', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    return lines
      .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, '') }))
      .filter(({ pid, command }) => pids.has(pid) || command.includes(this.folder));
  }

  async nothingIsLeft(...but: readonly string[]): Promise<void> {
    await until(
      async () => (await this.processes()).length === 0 && (await this.allEnded()) && leftIn(this.folder).length <= but.length,
    );
    expect(leftIn(this.folder)).toEqual(but);
  }

  // Whether an app that has no environment has ended; it has noted its number and its port.
  private async allEnded(): Promise<boolean> {
    const file = notesOf(this.folder);
    const notes = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    for (const [pid, port] of notes.map((note) => note.split(' ').map(Number))) {
      if ((await processTable().runs(pid ?? 0)) || (await takesConnections(port ?? 0))) {
        return false;
      }
    }
    return true;
  }
}
