import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { LocalError } from '../local-error';
import { temporaryFolderError } from '../tasks/temporary-folder';
import type { Follower, ServiceState, TargetGroupState } from './follower';
import { followChanges, writeLine } from './following';
import { installEmulator } from './install';
import { type MeasuredMinute, minuteVariable, realMinuteSeconds } from './measured-minute';

/** One call of a resource handler: `extension/journal.py`. */
export interface Event {
  /** Position in the one order of all events and requests. */
  readonly number: number;

  /** When it was over: seconds since 1970. */
  readonly time: number;
  readonly verb: 'create' | 'update' | 'delete' | 'replace';

  /** CloudFormation type, such as `AWS::ECS::Service`. */
  readonly type: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly physicalId: string;

  /** Why it was refused or failed; `null` when it went through. */
  readonly problem: string | null;
}

/** One request that reached the emulator. */
export interface Request {
  readonly number: number;

  /** The service that the request is signed for, such as `cloudformation`. */
  readonly service: string;
  readonly action: string;
}

/** A resource that was created and not deleted. */
export interface LiveResource {
  readonly type: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly physicalId: string;
}

/** An order to let the next operations on a resource fail, or wait until the order is taken back. */
export interface Intervention {
  /** `hold` is for ECS services only: they are what takes time. */
  readonly effect: 'fail' | 'hold';
  readonly type: string;
  readonly verb: 'create' | 'update';

  /**
   * Its logical id, or its name in the template.
   *
   * @default - any of this type
   */
  readonly name?: string;
  readonly reason?: string;
}

/** How an emulator is started. */
export interface EmulatorOptions {
  /**
   * Told of what CloudFormation makes, when it is made; it says when services are stable.
   *
   * @default - nobody: services are stable at once, and no alarm is evaluated
   */
  readonly follower?: Follower;

  /** Ends the start early. */
  readonly signal?: AbortSignal;

  /**
   * How long a minute of CloudWatch takes, in seconds: a whole number from 1 to 60. Periods of metrics and alarms, and the time for which
   * a deploy is monitored, are shorter with it. Times of day stay as they are.
   *
   * @default 60
   */
  readonly minuteSeconds?: number;
}

const account = '123456789012';
const region = 'us-east-1';

/** MiniStack with the extension of this folder, on a free port of 127.0.0.1. It ends with this process, however that ends. */
export class Emulator {
  static async start({ follower, signal, minuteSeconds = realMinuteSeconds }: EmulatorOptions = {}): Promise<Emulator> {
    const python = await installEmulator(signal ? { signal } : {});
    signal?.throwIfAborted();
    const folder = temporaryFolder();
    writeFileSync(refusedIn(folder), '');
    // Its standard input is the leash: it ends when this process no longer holds the other end, and removes the folder.
    const server = spawn(python, ['-m', 'extension', account, region, folder, ...(follower ? ['3'] : [])], {
      cwd: __dirname,
      stdio: ['pipe', 'pipe', 'pipe', follower ? 'pipe' : 'ignore'],
      env: {
        // Functions run with the Node of this process, and with the SDK that Lambda has.
        PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
        NODE_PATH: withSdk(folder),
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...loopbackOnly(folder),
        PYTHONDONTWRITEBYTECODE: '1',
        [minuteVariable]: `${minuteSeconds}`,
        LOG_LEVEL: process.env.EMULATOR_LOG_LEVEL ?? 'CRITICAL',
      },
    });
    const ended = once(server, 'exit').finally(() => rmSync(folder, { recursive: true, force: true }));
    const input = server.stdin as Writable;
    // It may be gone at any time: what then cannot be written has no meaning any more.
    input.on('error', () => {});
    const cancel = () => input.end();
    signal?.addEventListener('abort', cancel);
    if (follower) {
      followChanges(server.stdio[3] as Readable, follower, input);
    }
    const errors: string[] = [];
    const output = server.stdout as Readable;
    server.stderr?.on('data', (chunk) => errors.push(String(chunk)));
    for await (const line of createInterface(output)) {
      if (/^\d+$/.test(line)) {
        output.resume();
        signal?.removeEventListener('abort', cancel);
        return new Emulator(server, Number(line), folder, ended, errors, minuteSeconds);
      }
    }
    await ended;
    signal?.throwIfAborted();
    throw new LocalError(
      `emulator: ended before it was ready, expected it to start: ${errors.join('').trim() || 'it said nothing'}`,
    );
  }

  readonly account = account;
  readonly region = region;
  readonly url: string;

  private constructor(
    private readonly server: ChildProcess,
    port: number,
    private readonly folder: string,

    /** Settled when the emulator has ended, whoever ended it, and has left nothing. */
    readonly ended: Promise<unknown>,
    private readonly errors: readonly string[],

    /** How long a minute of CloudWatch takes, in seconds. */
    readonly minuteSeconds: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** What a process needs in its environment in order to talk to the emulator and to nobody else. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ENDPOINT_URL_S3: this.url,
      AWS_ACCESS_KEY_ID: 'emulator',
      AWS_SECRET_ACCESS_KEY: 'emulator',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      [minuteVariable]: `${this.minuteSeconds}`,
    };
  }

  /** What a Node process needs in its environment so that its connections to other machines are refused, and written down here. */
  get loopbackOnly(): Record<string, string> {
    return loopbackOnly(this.folder);
  }

  /** Other machines that the emulator, a function in it, or a process with `loopbackOnly` tried to reach: one host in a line. */
  get refusedConnections(): string {
    return readFileSync(refusedIn(this.folder), 'utf8');
  }

  /** What an AWS SDK client needs in order to talk to the emulator. */
  get client() {
    return {
      endpoint: this.url,
      region,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
      maxAttempts: 1,
    };
  }

  events(): Promise<Event[]> {
    return this.ask('GET', 'events');
  }

  requests(): Promise<Request[]> {
    return this.ask('GET', 'requests');
  }

  resources(): Promise<LiveResource[]> {
    return this.ask('GET', 'resources');
  }

  async intervene(intervention: Intervention): Promise<void> {
    await this.ask('POST', 'interventions', intervention);
  }

  /** How many operations have met an order that still stands. */
  async met(): Promise<number> {
    const interventions = await this.ask<{ met: number }[]>('GET', 'interventions');
    return interventions.reduce((sum, { met }) => sum + met, 0);
  }

  /** Takes back all orders: what waits goes on. */
  async release(): Promise<void> {
    await this.ask('DELETE', 'interventions');
  }

  /**
   * What a follower has the API say. It is in force before CloudFormation gets an answer that is given later. A service or a target
   * group that is not in it stays as it was reported last. Minutes are reported in their order.
   */
  report(states: {
    readonly services?: readonly ServiceState[];
    readonly targetGroups?: readonly TargetGroupState[];
    readonly minute?: MeasuredMinute;
  }): void {
    writeLine(this.server.stdin as Writable, states);
  }

  /** What the emulator has written to its standard error. */
  get complaints(): string {
    return this.errors.join('');
  }

  async stop(): Promise<void> {
    this.server.stdin?.end();
    await this.ended;
  }

  private async ask<T>(method: string, what: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_extension/${what}`, { method, body: body && JSON.stringify(body) } as RequestInit);
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`emulator: ${method} ${what} answered ${response.status}; ${JSON.stringify(answer)}`);
    }
    return answer as T;
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(path.join(tmpdir(), 'emulator-'));
  } catch (error) {
    throw temporaryFolderError(error) ?? error;
  }
}

/** A folder of modules that has what Lambda has, and not all that is installed here. */
function withSdk(folder: string): string {
  const modules = path.join(folder, 'node_modules');
  const client = path.dirname(require.resolve('@aws-sdk/client-cloudformation/package.json'));
  mkdirSync(modules);
  symlinkSync(path.dirname(client), path.join(modules, '@aws-sdk'), 'dir');
  return modules;
}

function loopbackOnly(folder: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--require ${JSON.stringify(path.join(__dirname, 'loopback-only.cjs'))}`,
    REFUSED_CONNECTIONS: refusedIn(folder),
  };
}

function refusedIn(folder: string): string {
  return path.join(folder, 'refused-connections');
}
