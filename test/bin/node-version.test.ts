import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Runs a file of bin/ in a Node that says of itself that it is of some version. */
function runAs(version: string, file: string) {
  const folder = mkdtempSync(join(tmpdir(), 'node-version-'));
  const claim = join(folder, 'claim.cjs');
  writeFileSync(claim, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
  try {
    const { status, stderr, stdout } = spawnSync(process.execPath, ['-r', claim, join(root, 'bin', file)], { encoding: 'utf8' });
    return { status, stderr, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(['node-version.cjs', 'installed.cjs'])('%s: an old Node is told in one line', (file) => {
  for (const version of ['18.20.8', '20.2.0']) {
    const line = `Node.js: got ${version}, expected 20.3 or later; install one from https://nodejs.org and try again\n`;
    expect(runAs(version, file)).toEqual({ status: 1, stderr: line, stdout: '' });
  }
});

test.each(['20.3.0', '24.21.0'])('Node %s is taken, and nothing is installed twice', (version) => {
  expect(runAs(version, 'installed.cjs')).toEqual({ status: 0, stderr: '', stdout: '' });
});
