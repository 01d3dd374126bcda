import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(__dirname, '..', '..', '..');

/** Starts what `npm run emulator` starts, and reads what it prints until everything is there. */
async function startByHand(): Promise<{ main: ChildProcess; exported: Record<string, string>; port: number }> {
  const main = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'bin/emulator.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
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

async function closes(port: number): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (await answers('127.0.0.1', port)) {
    if (performance.now() > deadline) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

describe('npm run emulator', () => {
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

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves nothing running after %s', async (signal) => {
    const { main, port } = await startByHand();
    const ended = once(main, 'exit');
    main.kill(signal);
    const [code] = await ended;

    expect(code).toBe(signal === 'SIGKILL' ? null : 0);
    expect(await closes(port)).toBe(true);
  });
});
