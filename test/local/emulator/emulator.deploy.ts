import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Emulator } from '../../../lib/local/emulator/emulator';
import { type Seen, seen, thing } from './custom-thing';
import { Stacks } from './stacks';

const root = path.resolve(__dirname, '..', '..', '..');

/** Starts what `npm run local` starts, and reads what it prints until everything is there. */
async function startByHand(
  temporary = tmpdir(),
): Promise<{ main: ChildProcess; exported: Record<string, string>; port: number }> {
  const main = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'bin/local.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' },
  });
  const exported: Record<string, string> = {};
  for await (const line of createInterface(main.stdout as NodeJS.ReadableStream)) {
    const [, name = '', value = ''] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    exported[name] = value;
    if (name === 'CDK_DISABLE_CLI_TELEMETRY') {
      break;
    }
  }
  return { main, exported, port: Number(new URL(exported.AWS_ENDPOINT_URL as string).port) };
}

/** Whether something answers on a port. */
async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Whether something comes true in ten seconds. */
async function comesTrue(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

const closes = (port: number) => comesTrue(async () => !(await answers('127.0.0.1', port)));

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a connection to another machine is refused and written down', () => {
  let emulator: Emulator;

  beforeEach(async () => {
    emulator = await Emulator.start();
  });

  afterEach(() => emulator?.stop());

  test('by a Node process that works with the emulator', () => {
    const connect = (host: string) =>
      spawnSync(process.execPath, ['-e', `fetch('http://${host}:8/').catch(({ cause }) => console.log(cause.message))`], {
        encoding: 'utf8',
        env: { ...process.env, ...emulator.loopbackOnly },
      }).stdout;

    expect(connect('192.0.2.1')).toContain('the emulator stays on this machine');
    expect(connect('127.0.0.1')).not.toContain('the emulator stays on this machine');
    expect(emulator.refusedConnections).toBe('192.0.2.1\n');
  });

  test('by the emulator', async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=emulator/20260101/${emulator.region}/sns/aws4_request`;
    const call = (parameters: Record<string, string>) =>
      fetch(emulator.url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(parameters) });
    const topic = `arn:aws:sns:${emulator.region}:${emulator.account}:topic`;
    await call({ Action: 'CreateTopic', Name: 'topic' });
    await call({ Action: 'Subscribe', TopicArn: topic, Protocol: 'http', Endpoint: 'http://192.0.2.1:8/' });

    expect(await comesTrue(() => emulator.refusedConnections === '192.0.2.1\n')).toBe(true);
  });
});

describe('npm run local', () => {
  test('prints what a cdk command needs, and answers on 127.0.0.1 only', async () => {
    const { main, exported, port } = await startByHand();
    try {
      expect(exported).toMatchObject({
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
        AWS_REGION: 'us-east-1',
        CDK_DEFAULT_ACCOUNT: '123456789012',
      });
      expect(await answers('127.0.0.1', port)).toBe(true);
      const elsewhere = Object.values(networkInterfaces()).flatMap((addresses = []) =>
        addresses.filter(({ internal }) => !internal).map(({ address }) => address),
      );
      for (const address of elsewhere) {
        expect([address, await answers(address, port)]).toEqual([address, false]);
      }
    } finally {
      main.kill('SIGTERM');
      await once(main, 'exit');
    }
  });

  describe('with a function that runs', () => {
    let folder: string;
    let temporary: string;
    let seenIn: string;

    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'emulator-deploy-'));
      temporary = mkdtempSync(path.join(folder, 'temporary-'));
      seenIn = path.join(folder, 'seen');
      writeFileSync(seenIn, '');
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    const stacksOf = ({ exported }: Awaited<ReturnType<typeof startByHand>>) => {
      const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = exported;
      return new Stacks({
        client: {
          endpoint: exported.AWS_ENDPOINT_URL,
          region: exported.AWS_REGION,
          credentials: { accessKeyId, secretAccessKey },
          maxAttempts: 1,
        },
      });
    };

    test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves nothing after %s: no process, no file', async (signal) => {
      const started = await startByHand(temporary);
      const stacks = stacksOf(started);
      await stacks.create('idle', thing(seenIn, { Value: 1 }));
      const creation = stacks.create('stuck', thing(seenIn, { Value: 1, Stuck: true })).catch(() => undefined);
      await comesTrue(() => seen(seenIn).length === 2);
      const [idle, stuck] = seen(seenIn).map(({ pid }) => pid) as [number, number];
      expect([runs(idle), runs(stuck)]).toEqual([true, true]);
      expect(readdirSync(temporary)).not.toEqual([]);

      const ended = once(started.main, 'exit');
      started.main.kill(signal);
      const [code] = await ended;

      expect(code).toBe(signal === 'SIGKILL' ? null : 0);
      expect(await closes(started.port)).toBe(true);
      expect(await comesTrue(() => readdirSync(temporary).length === 0)).toBe(true);
      expect(await comesTrue(() => !runs(idle) && !runs(stuck))).toBe(true);
      await creation;
    });

    test('leaves nothing, and ends, when the emulator itself is killed', async () => {
      const started = await startByHand(temporary);
      await stacksOf(started).create('idle', thing(seenIn, { Value: 1 }));
      const [{ pid, parent }] = seen(seenIn) as [Seen];

      const ended = once(started.main, 'exit');
      process.kill(parent, 'SIGKILL');
      await ended;

      expect(readdirSync(temporary)).toEqual([]);
      expect(await comesTrue(() => !runs(pid))).toBe(true);
    });
  });
});
