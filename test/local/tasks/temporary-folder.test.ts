import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reaper } from '../../../lib/local/tasks/reaper';
import { TemporaryFolder, temporaryFolderError, temporaryRoom } from '../../../lib/local/tasks/temporary-folder';

test('a folder goes with what is in it', () => {
  const folder = TemporaryFolder.make('temporary-');
  expect(folder.path.startsWith(join(tmpdir(), 'temporary-'))).toBe(true);
  writeFileSync(join(folder.path, 'file'), 'content');
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('a folder that cannot be made is a sentence', () => {
  expect(() => TemporaryFolder.make('no/such/folder-')).toThrow(
    new Error(`TMPDIR: got ENOENT in ${tmpdir()}, expected a folder with room that can be written; set TMPDIR to another one`),
  );
});

test('a folder is known to whoever removes what is left before it is there', () => {
  const register = jest.spyOn(reaper, 'folder');
  let wasThere: boolean | undefined;
  const { folder: original } = Object.getPrototypeOf(reaper);
  register.mockImplementation((path) => {
    wasThere = existsSync(path);
    return original.call(reaper, path);
  });
  TemporaryFolder.make('temporary-').remove();
  register.mockRestore();
  expect(wasThere).toBe(false);
});

test('there is room for a little, and none for too much', async () => {
  await expect(temporaryRoom(1)).resolves.toBeUndefined();
  await expect(temporaryRoom(1e18)).rejects.toThrow(
    /^TMPDIR: got \d+ MB of room in .*, expected 1000000000000 MB; make room there, /,
  );
});

test.each([
  [{ code: 'ENOSPC', syscall: 'write' }, true],
  [{ code: 'EROFS', syscall: 'open', path: join(tmpdir(), 'file') }, true],
  [{ code: 'EACCES', syscall: 'open', path: '/elsewhere/file' }, false],
  [{ code: 'EPIPE', syscall: 'write' }, false],
  [{ code: 'ENOENT', syscall: 'spawn envoy', path: 'envoy' }, false],
])('%j is about the temporary folder: %s', (error, is) => {
  expect(temporaryFolderError(error) !== undefined).toBe(is);
});

// A folder of the system in which there is never room. This process's own TMPDIR is that of all tests.
(existsSync('/proc/self') ? test : test.skip)('a full folder is told of', async () => {
  const file = require.resolve('../../../lib/local/tasks/temporary-folder');
  const program = `require(${JSON.stringify(file)}).temporaryFull().then((full) => console.log(full?.message))`;
  const said = (environment: NodeJS.ProcessEnv) =>
    execFileSync(process.execPath, ['-r', require.resolve('tsx/cjs'), '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, TSX_DISABLE_CACHE: '1', ...environment },
    });
  expect(said({ TMPDIR: '/proc' })).toMatch(
    /^TMPDIR: got 0 bytes of room in \/proc, expected at least 1000000; make room there, /,
  );
  expect(said({})).toBe('undefined\n');
});
