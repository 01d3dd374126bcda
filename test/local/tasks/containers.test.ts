import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { containersOn } from '../../../lib/local/tasks/containers';

const path = process.env.PATH;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'containers-'));
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

test('a program whose service says nothing is asked no further', async () => {
  const asked = join(folder, 'asked');
  writeFileSync(join(folder, 'finch'), `#!/bin/sh\necho asked >> ${asked}\nexec sleep 1000\n`, { mode: 0o755 });
  expect(await containersOn(80, ['finch'], Date.now())).toEqual([]);
  expect(await containersOn(80, ['finch'], Date.now())).toEqual([]);
  expect(existsSync(asked) && readFileSync(asked, 'utf8')).toBe('asked\n');
});
