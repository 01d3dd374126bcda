import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalError } from '../../lib/local/local-error';
import { type Installing, installPythonEnvironment } from '../../lib/local/python-environment';

let folder: string;
let installations: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-'));
  installations = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function install(requirements: string, installing: Installing = {}): Promise<string> {
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, requirements);
  const onInstall = () => {
    installations += 1;
  };
  return installPythonEnvironment({
    folder: join(folder, 'made'),
    requirements: file,
    purpose: 'the thing',
    onInstall,
    ...installing,
  });
}

test('it is installed once for what is required', async () => {
  const commands = await install('');
  expect(readdirSync(commands)).toContain('python');
  expect([await install(''), installations]).toEqual([commands, 1]);
  await install('# another one');
  expect(installations).toBe(2);
});

test('what cannot be had is told in one sentence; the next attempt ends early', async () => {
  const missing = 'thing @ file:///nowhere/thing.whl';
  const problem = await install(missing).catch((error) => error);
  expect(problem).toBeInstanceOf(LocalError);
  expect(problem.message).toMatch(
    /^the thing: got a failure while it was installed into .*made, expected none; it takes Python /,
  );
  expect(problem.message).toContain('thing.whl is not a valid wheel');
  const stop = new AbortController();
  await expect(install(missing, { onInstall: () => stop.abort(), signal: stop.signal })).rejects.toThrow(/abort/i);
});

test('a machine without Python is told what to install', async () => {
  await expect(install('', { environment: { PATH: folder } })).rejects.toThrow(
    'python3: found none of 3.10 or later, which the thing needs; install it and try again',
  );
});
