import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'release-'));
const state = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };
const running: ChildProcess[] = [];

/** An AWS that takes every call and never answers. */
let silent: Server;

beforeAll(async () => {
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});

afterAll(() => {
  for (const release of running) {
    release.kill('SIGKILL');
  }
  silent.closeAllConnections();
  silent.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  write('cdk.json', JSON.stringify({ context: { appName: 'shop' } }));
  write('cdk.context.json', JSON.stringify(state));
});

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

function start(...words: readonly string[]) {
  const { port } = silent.address() as AddressInfo;
  const release = spawn(
    process.execPath,
    ['-r', path.join(root, 'bin', 'typescript.cjs'), path.join(root, 'bin', 'release.ts'), ...words],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    },
  );
  running.push(release);
  const [out, err]: [string[], string[]] = [[], []];
  release.stdout.on('data', (chunk) => out.push(String(chunk)));
  release.stderr.on('data', (chunk) => err.push(String(chunk)));
  const ended = once(release, 'close').then(([code]) => ({ code, out: out.join(''), err: err.join('') }));
  return { release, ended };
}

test.each<[words: string, code: number, out: string, err: string]>([
  ['--help', 0, 'rollback', ''],
  ['next --too green', 2, '', '--too: got an unknown option, did you mean --to?'],
  ['status -c appName=Not,One', 4, '', 'appName: got "Not,One", expected '],
])('%s ends with %d', async (words, code, out, err) => {
  const result = await start(...words.split(' ')).ended;
  expect(result).toEqual({ code, out: expect.stringContaining(out), err: expect.stringContaining(err) });
});

test.each(['status', 'verify', 'plan'])(
  '%s --json prints JSON where it cannot be told which service is meant',
  async (command) => {
    write('cdk.context.json', '<<<<<<<');
    const { code, out, err } = await start(command, '--json').ended;
    expect(JSON.parse(out)).toEqual({
      status: 'unknown',
      stack: null,
      problems: [expect.stringContaining('not JSON'), ...more(command)],
    });
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('not JSON') });
  },
);

function more(command: string): readonly string[] {
  return command === 'status' ? [expect.stringContaining('name the stack')] : [];
}

test.each(['status', 'verify', 'plan', 'rollback --yes', 'next --yes'])(
  'a signal ends %s although AWS does not answer',
  async (words) => {
    const asked = once(silent, 'request');
    const { release, ended } = start(...words.split(' '));
    await Promise.race([asked, ended]);
    release.kill('SIGINT');
    expect((await ended).code).toBe(130);
  },
);

test.each<[string, string, string]>([
  ['what it did not expect', 'ValidationError', 'AWS: got ValidationError: no such thing\n'],
  [
    'that it is asked too often',
    'Throttling',
    'cloudformation:DescribeStacks: got Throttling (no such thing), expected an answer; ',
  ],
])('where AWS answers %s, there is a sentence and no stack trace', async (_, code, sentence) => {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no such thing.</Message></Error></ErrorResponse>`;
  const answer = (__: unknown, response: ServerResponse) => response.writeHead(400, { 'content-type': 'text/xml' }).end(body);
  silent.on('request', answer);
  try {
    const result = await start('rollback', '--yes', '--stack', 'shop').ended;
    expect(result).toEqual({ code: 4, out: '', err: expect.stringContaining(sentence) });
    expect(result.err).not.toMatch(/^\s+at /m);
  } finally {
    silent.off('request', answer);
  }
});
