import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { installEmulator } from './install';

/** One call of a resource handler: `extension/journal.py`. */
export interface Event {
  /** Position in the one order of all events and requests. */
  readonly number: number;
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

const account = '123456789012';
const region = 'us-east-1';

/** MiniStack with the extension of this folder, on a free port of 127.0.0.1. It ends with this process, however that ends. */
export class Emulator {
  static async start(): Promise<Emulator> {
    const python = installEmulator();
    // Its standard input is the leash: it ends when this process no longer holds the other end.
    const server = spawn(python, ['-m', 'extension', account, region], {
      cwd: __dirname,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        PYTHONDONTWRITEBYTECODE: '1',
        LOG_LEVEL: process.env.EMULATOR_LOG_LEVEL ?? 'CRITICAL',
      },
    });
    const errors: string[] = [];
    server.stderr.on('data', (chunk) => errors.push(String(chunk)));
    for await (const line of createInterface(server.stdout)) {
      if (/^\d+$/.test(line)) {
        server.stdout.resume();
        return new Emulator(server, Number(line), errors);
      }
    }
    throw new Error(`emulator: ended before it was ready; ${errors.join('').trim()}`);
  }

  /** Settled when the emulator has ended, whoever ended it. */
  readonly ended: Promise<unknown>;

  readonly account = account;
  readonly region = region;
  readonly url: string;

  private constructor(
    private readonly server: ChildProcess,
    port: number,
    private readonly errors: readonly string[],
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.ended = once(server, 'exit');
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
    };
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
