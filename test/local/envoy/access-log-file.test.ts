import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessLogLines } from '../../../lib/local/envoy/access-log-file';

const folder = mkdtempSync(join(tmpdir(), 'access-log-'));
const file = join(folder, 'access.log');
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string): Promise<unknown[]> {
  writeFileSync(file, content);
  const lines: unknown[] = [];
  for await (const line of accessLogLines(file)) {
    lines.push(line);
  }
  return lines;
}

test.each([
  ['nothing', '', []],
  ['complete lines', '{"code":200}\n{"code":404}\n', [200, 404]],
  ['a last line that is half written', '{"code":200}\n{"code":4', [200]],
  ['a last line whose end is not written', '{"code":200}\n{"code":404}', [200]],
])('%s', async (_, content, codes) => {
  expect(await read(content)).toEqual(codes.map((code) => ({ code })));
});

test('more lines than are read at once', async () => {
  const lines = Array.from({ length: 10_000 }, (_, code) => ({ code, details: 'ü' }));
  expect(await read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))).toEqual(lines);
});
