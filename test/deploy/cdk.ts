import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Emulator } from '../../lib/local/emulator/emulator';
import { writeAssembly } from './assembly';

/** How a `cdk` command went. */
export interface CdkResult {
  /** Exit code; `null` when it was killed. */
  readonly code: number | null;

  /** Standard output and standard error, as they came. */
  readonly output: string;

  /** Wall time in seconds. */
  readonly seconds: number;
}

/** Context of the app, as for `-c`. */
export type Context = Readonly<Record<string, string | number | boolean>>;

const root = path.resolve(__dirname, '..', '..');

/** The real `cdk` command line, in a home of its own, talking to one emulator. */
export class Cdk {
  private readonly home = mkdtempSync(path.join(tmpdir(), 'cdk-deploy-'));
  private readonly running = new Set<ChildProcess>();
  private assemblies = 0;

  /** @param folder the checkout, with `cdk.json` and `cdk.context.json` */
  constructor(
    private readonly emulator: Emulator,
    private readonly folder = root,
  ) {}

  /** Runs a command of the CLI to its end. */
  run(...args: readonly string[]): Promise<CdkResult> {
    return this.start(...args).result;
  }

  /** Starts a command of the CLI, so that it can be killed. */
  start(...args: readonly string[]): { result: Promise<CdkResult>; kill: () => void } {
    const started = performance.now();
    const output: string[] = [];
    const cli = spawn(
      process.execPath,
      [path.join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices', '--no-color', '--ci'],
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'], env: this.environment() },
    );
    this.running.add(cli);
    cli.stdout.on('data', (chunk) => output.push(String(chunk)));
    cli.stderr.on('data', (chunk) => output.push(String(chunk)));
    const result = once(cli, 'close').then(([code]) => {
      this.running.delete(cli);
      return { code: code as number | null, output: output.join(''), seconds: (performance.now() - started) / 1000 };
    });
    return { result, kill: () => void cli.kill('SIGKILL') };
  }

  /** Runs a command that must succeed. */
  async succeed(...args: readonly string[]): Promise<CdkResult> {
    const result = await this.run(...args);
    if (result.code !== 0) {
      throw new Error(`cdk ${args.join(' ')}: exit code ${result.code}\n${result.output}\n${this.emulator.complaints}`);
    }
    return result;
  }

  /** @param app options that name the app: `cdk bootstrap` looks at it, too */
  bootstrap(app: readonly string[]): Promise<CdkResult> {
    return this.succeed('bootstrap', `aws://${this.emulator.account}/${this.emulator.region}`, ...app);
  }

  /** Options that synthesize the app anew, into a folder that no other command uses. */
  app(context: Context): string[] {
    return ['-o', this.newAssembly(), ...Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  }

  /** Options that take the app as it is synthesized in this process. */
  synthesized(context: Context): string[] {
    const assembly = this.newAssembly();
    writeAssembly(this.folder, context, assembly);
    return ['-a', assembly];
  }

  newAssembly(): string {
    this.assemblies += 1;
    return path.join(this.home, `assembly-${this.assemblies}`);
  }

  /** Ends what still runs, and removes every trace. */
  end(): void {
    for (const cli of this.running) {
      cli.kill('SIGKILL');
    }
    rmSync(this.home, { recursive: true, force: true });
  }

  /** What a process needs in its environment to talk to the emulator, and to nobody else. */
  environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(AWS|CDK|NODE_OPTIONS|JEST|NODE_ENV|FORCE_COLOR)/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      ...this.emulator.environment,
      HOME: this.home,
      ...this.emulator.loopbackOnly,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // The templates' validation is proven by tests of its own, and takes as long as the deploy.
      CDK_VALIDATION: 'false',
    };
  }
}
