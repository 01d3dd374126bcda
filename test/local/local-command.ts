import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { processTable } from '../../lib/local/tasks/process-table';
import { takesConnections } from '../../lib/local/tasks/task-processes';
import { until } from '../until';
import { Stacks } from './emulator/stacks';

const root = path.resolve(__dirname, '..', '..');

/** How it is started. */
export interface LocalCommandOptions {
  /** Words of its command line. */
  readonly words?: readonly string[];

  /** Variables beside those of this process. */
  readonly environment?: NodeJS.ProcessEnv;

  /**
   * The checkout.
   *
   * @default - this one
   */
  readonly folder?: string;
}

/** What `npm run local` starts, as a process of its own with a folder of its own for temporary files. */
export class LocalCommand {
  /** What it has printed. */
  readonly lines: string[] = [];

  /** What it has written to its standard error. */
  errors = '';

  /** Only its processes have it as `TMPDIR`, or in their words. */
  private readonly temporary = mkdtempSync(path.join(tmpdir(), 'local-'));
  private readonly main: ChildProcess;
  private readonly ended: Promise<readonly unknown[]>;

  constructor({ words = [], environment = {}, folder = root }: LocalCommandOptions = {}) {
    this.main = spawn(process.execPath, ['-r', 'tsx/cjs', path.join(folder, 'bin/local.ts'), ...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TSX_DISABLE_CACHE: '1', ...environment, TMPDIR: this.temporary },
    });
    this.ended = once(this.main, 'close');
    createInterface(this.main.stdout as NodeJS.ReadableStream).on('line', (line) => this.lines.push(line));
    this.main.stderr?.on('data', (chunk) => {
      this.errors += chunk;
    });
  }

  /** Starts it, and waits until everything is there. */
  static async start(options: LocalCommandOptions = {}): Promise<LocalCommand> {
    const command = new LocalCommand(options);
    await until(() => command.exported.CDK_DISABLE_CLI_TELEMETRY !== undefined || command.hasEnded);
    return command;
  }

  /** The variables that it has printed. */
  get exported(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.lines.flatMap((line) => {
        const [, name = '', value = ''] = /^export (\w+)=(.*)$/.exec(line) ?? [];
        return name === '' ? [] : [[name, value]];
      }),
    );
  }

  /** With what a client of AWS talks to it. */
  get client() {
    const {
      AWS_ENDPOINT_URL: endpoint = '',
      AWS_REGION: region = '',
      AWS_ACCESS_KEY_ID = '',
      AWS_SECRET_ACCESS_KEY = '',
    } = this.exported;
    return {
      endpoint,
      region,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
      maxAttempts: 1,
    };
  }

  get stacks(): Stacks {
    return new Stacks(this);
  }

  /** Where requests for a stack come in, as it was printed last; `undefined` while there is no such place. */
  urlOf(stack: string): string | undefined {
    const [, said, url] =
      this.lines
        .map((line) => /^# (open|closed) (http:\S+): .* of (\S+)$/.exec(line))
        .filter((found) => found?.[3] === stack)
        .at(-1) ?? [];
    return said === 'open' ? url : undefined;
  }

  get hasEnded(): boolean {
    return this.main.exitCode !== null || this.main.signalCode !== null;
  }

  /** Nobody reads what it prints any more. */
  closeOutput(): void {
    this.main.stdout?.destroy();
    this.main.stderr?.destroy();
  }

  send(signal: NodeJS.Signals): void {
    this.main.kill(signal);
  }

  /** Waits until it has ended. */
  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.main.exitCode;
  }

  /** The processes that are there because of it, without itself: by number and in words. */
  async processes(): Promise<ReadonlyMap<number, string>> {
    const marked = (await processTable().list(`TMPDIR=${this.temporary}`)).filter((each) => each.marked).map(({ pid }) => pid);
    const words = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1e8 })
      .split('\n')
      .map((line) => /^ *(\d+) (.*)$/.exec(line) ?? [])
      .map(([, pid, args = '']) => [Number(pid), args] as const)
      .filter(
        ([pid, args]) =>
          pid !== this.main.pid && !args.endsWith('<defunct>') && (marked.includes(pid) || args.includes(this.temporary)),
      );
    return new Map(words);
  }

  /** The number of its process that has something in its words. */
  async pidOf(words: RegExp): Promise<number> {
    const found = [...(await this.processes())].find(([, args]) => words.test(args));
    return found?.[0] ?? Number.NaN;
  }

  /** What is in its folder for temporary files. */
  get files(): readonly string[] {
    return readdirSync(this.temporary);
  }

  /** What it has left, in words. */
  async left(): Promise<readonly string[]> {
    const ports = [this.client.endpoint, ...this.lines.flatMap((line) => /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [])]
      .filter((url) => url !== '')
      .map((url) => Number(new URL(url).port));
    const open = await Promise.all(
      [...new Set(ports)].map(async (port) => ((await takesConnections(port)) ? [`port ${port}`] : [])),
    );
    return [...(await this.processes()).values(), ...this.files, ...open.flat()];
  }

  /** Ends it at once, if it has not ended, with all that it has started. */
  async end(): Promise<void> {
    this.main.kill('SIGKILL');
    await this.ended;
    await until(async () => (await this.left()).length === 0);
    rmSync(this.temporary, { recursive: true });
  }
}
