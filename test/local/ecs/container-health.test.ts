import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthCheck } from '../../../lib/local/ecs/app-container';
import { type ContainerHealth, watchContainerHealth } from '../../../lib/local/ecs/container-health';
import { until } from '../../until';

let folder: string;
let end: AbortController;
let said: ContainerHealth[];
let watching: Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'container-health-'));
  end = new AbortController();
  said = [];
});
afterEach(async () => {
  end.abort();
  await watching;
  rmSync(folder, { recursive: true });
});

function watch(command: readonly string[], more: Partial<HealthCheck> = {}): void {
  const check = { command, intervalSeconds: 0.01, timeoutSeconds: 60, retries: 2, startPeriodSeconds: 0, ...more };
  const environment = { ...process.env, WELL: join(folder, 'well'), LOOKS: join(folder, 'looks') };
  watching = watchContainerHealth(check, environment, (health) => said.push(health), end.signal);
}

const shell = (command: string) => ['CMD-SHELL', command];

test.each([
  [shell('exit 0'), 'HEALTHY', ''],
  [shell('echo one; echo two; exit 1'), 'UNHEALTHY', 'two'],
  [shell('exit 1 || true;'), 'UNHEALTHY', 'it ended with 1'],
  [['CMD', 'test', '-z', ''], 'HEALTHY', ''],
  [['CMD', 'test', '-z', '$HOME'], 'UNHEALTHY', 'it ended with 1'],
] as const)('%j says %s', async (command, status, words) => {
  watch(command);
  await until(() => said.length > 0);
  expect(said).toEqual([{ status, said: words }]);
});

test('it takes as many bad answers in a row as it is to', async () => {
  // As many bad ones as do not count, then a good one, and then bad ones only.
  watch(shell('echo >> "$LOOKS"; test "$(wc -l < "$LOOKS")" -eq 3'), { retries: 3 });
  await until(() => said.length === 2);
  expect(said.map(({ status }) => status)).toEqual(['HEALTHY', 'UNHEALTHY']);
});

test('within its start period it may be unhealthy, until it was healthy once', async () => {
  watch(shell('echo >> "$LOOKS"; test -e "$WELL"'), { startPeriodSeconds: 1000, retries: 1 });
  await until(() => existsSync(join(folder, 'looks')));
  expect(said).toEqual([]);
  writeFileSync(join(folder, 'well'), '');
  await until(() => said.length === 1);
  rmSync(join(folder, 'well'));
  await until(() => said.length === 2);
  expect(said.map(({ status }) => status)).toEqual(['HEALTHY', 'UNHEALTHY']);
});

test('a check that takes too long is a bad answer', async () => {
  watch(['CMD', 'sleep', '1000'], { timeoutSeconds: 0.2, retries: 1 });
  await until(() => said.length > 0);
  expect(said).toEqual([{ status: 'UNHEALTHY', said: 'it took longer than 0.2 s' }]);
});
