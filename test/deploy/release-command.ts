import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Cdk } from './cdk';
import type { Checkout } from './checkout';

/** How a command of a release went. */
export interface ReleaseResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;

  /** Wall time in milliseconds. */
  readonly ms: number;
}

/** A command that is under way. */
export interface StartedRelease {
  readonly result: Promise<ReleaseResult>;
  signal(name: NodeJS.Signals): void;
}

const root = path.resolve(__dirname, '..', '..');

/** `npm run release` as a person has it: a process of its own in a checkout. */
export class ReleaseCommand {
  private readonly running = new Set<ChildProcess>();

  constructor(
    private readonly checkout: Checkout,
    private readonly cdk: Cdk,
  ) {}

  /** Runs a command to its end. */
  run(...words: readonly string[]): Promise<ReleaseResult> {
    return this.start(...words).result;
  }

  /** Runs a command to its end, which must have an exit code. */
  async ends(code: number, ...words: readonly string[]): Promise<ReleaseResult> {
    const result = await this.run(...words);
    if (result.code !== code) {
      throw new Error(`${words.join(' ')}: exit code ${result.code} instead of ${code}\n${result.out}\n${result.err}`);
    }
    return result;
  }

  /** What a command prints as JSON, whatever its exit code. */
  async json<T>(...words: readonly string[]): Promise<T> {
    const { out, err } = await this.run(...words, '--json');
    try {
      return JSON.parse(out);
    } catch {
      throw new Error(`${words.join(' ')}: expected JSON, got ${out}\n${err}`);
    }
  }

  start(...words: readonly string[]): StartedRelease {
    const startedAt = performance.now();
    const release = spawn(process.execPath, ['-r', 'tsx/cjs', path.join(root, 'bin', 'release.ts'), ...words], {
      cwd: this.checkout.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.cdk.environment(),
    });
    this.running.add(release);
    const [out, err]: [string[], string[]] = [[], []];
    release.stdout.on('data', (chunk) => out.push(String(chunk)));
    release.stderr.on('data', (chunk) => err.push(String(chunk)));
    const result = once(release, 'close').then(([code]) => {
      this.running.delete(release);
      return { code: code as number | null, out: out.join(''), err: err.join(''), ms: performance.now() - startedAt };
    });
    return { result, signal: (name) => void release.kill(name) };
  }

  /** Ends what still runs. */
  end(): void {
    for (const release of this.running) {
      release.kill('SIGKILL');
    }
  }
}
