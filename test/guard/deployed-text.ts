import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What CloudFormation sends to the function of a custom resource, as far as a test says it. */
export interface GuardRequest {
  readonly RequestType: string;
  readonly ResourceProperties: object;
  readonly OldResourceProperties?: object;
  readonly PhysicalResourceId?: string;
}

/** What the function puts to the address that CloudFormation has signed. */
export interface GuardAnswer {
  readonly Status: string;
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** An answer of the stand-in for CloudFormation: a status of the stack, or a failure by its HTTP status. */
export type StackLook = string | number;

const stackId = 'arn:aws:cloudformation:us-east-1:123456789012:stack/sample/1';

/** Runs a program as Lambda does: a file `index.js`, its export `handler`, and one event; here each in a process of its own. */
export class DeployedText {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'release-guard-'));
  private readonly server: Server;
  private readonly answers: GuardAnswer[] = [];
  private running: ChildProcess | undefined;

  /** Content types of what was put. */
  readonly contentTypes: (string | undefined)[] = [];

  /** Names of the stacks that were looked at. */
  readonly looks: (string | null)[] = [];

  /** What CloudFormation says of the stack, look by look; the last answer holds for all that follow. */
  stack: StackLook[] = ['UPDATE_IN_PROGRESS'];

  /** HTTP statuses of the next answers to what the function puts. */
  putStatuses: number[] = [];

  constructor(text: string) {
    writeFileSync(path.join(this.folder, 'index.js'), text);
    this.server = createServer((request, response) => this.serve(request, response)).listen(0, '127.0.0.1');
  }

  /** Hands one event to the program and waits for its end. */
  async call(request: GuardRequest): Promise<{ answer: GuardAnswer; log: string }> {
    if (!this.server.listening) {
      await once(this.server, 'listening');
    }
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const event = {
      StackId: stackId,
      RequestId: 'request-1',
      LogicalResourceId: 'AppGuard',
      ResponseURL: `${url}/answer?signature=1`,
      ...request,
    };
    const output: string[] = [];
    this.running = spawn(process.execPath, ['-e', `require('./index.js').handler(${JSON.stringify(event)})`], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        NODE_PATH: path.resolve(__dirname, '..', '..', 'node_modules'),
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
    this.running.stdout?.on('data', (chunk) => output.push(String(chunk)));
    this.running.stderr?.on('data', (chunk) => output.push(String(chunk)));
    await once(this.running, 'close');
    const answer = this.answers.pop();
    if (answer === undefined) {
      throw new Error(`the guard has not answered: ${output.join('')}`);
    }
    return { answer, log: output.join('') };
  }

  async close(): Promise<void> {
    this.running?.kill();
    this.server.close();
    await once(this.server, 'close');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks).toString();
    if (request.method === 'PUT' && request.url?.startsWith('/answer')) {
      const status = this.putStatuses.shift() ?? 200;
      response.statusCode = status;
      if (status === 200) {
        this.contentTypes.push(request.headers['content-type']);
        this.answers.push(JSON.parse(body));
      }
      response.end();
      return;
    }
    this.looks.push(new URLSearchParams(body).get('StackName'));
    const look = this.stack.length > 1 ? this.stack.shift() : this.stack[0];
    if (typeof look === 'number') {
      response.statusCode = look;
      response.end(`<ErrorResponse><Error><Code>AccessDenied</Code><Message>not allowed</Message></Error></ErrorResponse>`);
      return;
    }
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>` +
        `<StackName>sample</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${look}</StackStatus>` +
        `</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  }
}
