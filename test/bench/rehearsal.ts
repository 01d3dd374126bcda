import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type EnvoyBinary, findEnvoy } from '../../lib/local/envoy/envoy-binary';
import { envoyConfiguration } from '../../lib/local/envoy/envoy-configuration';
import { EnvoyProcess } from '../../lib/local/envoy/envoy-process';
import { readTraffic } from '../../lib/local/routes/read-traffic';
import type { TrafficModel } from '../../lib/local/routes/traffic-model';
import { SlotProcess } from '../../lib/local/tasks/slot-process';
import { Template } from '../../lib/local/template/template';
import { LoadGenerator, type RequestResult } from '../../lib/rehearsal/load/load-generator';
import { quantile } from '../../lib/rehearsal/load/tally';
import { templateOf } from '../app-template';
import { placeOf99Percent } from './following';

const model = (blueWeight: number, greenWeight: number): TrafficModel =>
  readTraffic(new Template(templateOf({ blueActive: true, greenActive: true, blueWeight, greenWeight })));

const moves = 20;
const rate = 2000;
const goalMs = 100;

/** How soon requests follow moved routes, and what the load generator can send, beside wrk where it is installed. */
export async function benchRehearsal(): Promise<void> {
  const envoy = await findEnvoy();
  await benchMoves(envoy);
  await benchLoad(envoy);
}

// From all to blue to all to green and back, while requests are sent all the time.
async function benchMoves(envoy: EnvoyBinary): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const { signal } = new AbortController();
  const slots: SlotProcess[] = [];
  let running: EnvoyProcess | undefined;
  try {
    for (const slot of ['blue', 'green']) {
      slots.push(
        await SlotProcess.start(
          { slot, command: undefined, environment: () => ({}), healthCheckPath: '/health' },
          folder,
          signal,
        ),
      );
    }
    const ports = Object.fromEntries(slots.map(({ slot, port }) => [slot, port]));
    const states = [model(1, 0), model(0, 1)];
    const configurationOf = (move: number) => envoyConfiguration(states[move % 2] ?? model(1, 0), ports, `move ${move}`);
    running = await EnvoyProcess.start(envoy, configurationOf(0), 'move 0', signal);

    let results: RequestResult[] = [];
    const load = new LoadGenerator({
      port: running.port,
      path: '/',
      rate,
      timeoutMs: 2000,
      onResult: (result) => results.push(result),
    });
    load.start();
    await wait(1000);
    const first: number[] = [];
    const most: number[] = [];
    let failed = 0;
    for (let move = 1; move <= moves; move += 1) {
      failed += results.filter(({ status }) => status !== 200).length;
      results = [];
      const movedAt = await running.moveRoutes(configurationOf(move).routes, `move ${move}`);
      await wait(500);
      const after = results.filter(({ sentAt }) => sentAt >= movedAt).sort((a, b) => a.sentAt - b.sentAt);
      const follows = after.map(({ route }) => route === `move ${move}`);
      const firstPlace = follows.indexOf(true);
      first.push((after[firstPlace]?.sentAt ?? Number.POSITIVE_INFINITY) - movedAt);
      most.push((after[Math.max(firstPlace, placeOf99Percent(follows))]?.sentAt ?? Number.POSITIVE_INFINITY) - movedAt);
    }
    await load.stop();
    failed += results.filter(({ status }) => status !== 200).length;

    console.log(`\n${moves} moves of the routes from all to nothing, at ${rate} requests per second, ${failed} failed`);
    console.table([
      { 'from the move to': 'the first request that follows', ...inMilliseconds(first), 'goal in ms': '', met: '' },
      {
        'from the move to': '99 % of requests following',
        ...inMilliseconds(most),
        'goal in ms': `<= ${goalMs}`,
        met: Math.max(...most) <= goalMs ? 'yes' : 'no',
      },
    ]);
  } finally {
    await Promise.all([running?.stop(), ...slots.map((slot) => slot.stop())]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function inMilliseconds(values: readonly number[]) {
  return { 'median in ms': rounded(quantile(values, 0.5)), 'slowest in ms': rounded(Math.max(...values)) };
}

// Envoy answers itself, so that the sender is what is measured.
async function benchLoad(envoy: EnvoyBinary): Promise<void> {
  const elsewhere = model(1, 0);
  const routes = elsewhere.routes.map((route) => ({ ...route, match: { ...route.match, prefix: '/elsewhere' } }));
  const ports = { blue: 9, green: 9 };
  const { signal } = new AbortController();
  const running = await EnvoyProcess.start(envoy, envoyConfiguration({ ...elsewhere, routes }, ports, 'bench'), 'bench', signal);
  try {
    const before = process.memoryUsage().rss;
    let ours = 0;
    for (const asked of [2000, 4000, 6000, 8000, 10_000, 12_000, 16_000, 20_000]) {
      const sent = await sendAtRate(running.port, asked);
      ours = Math.max(ours, sent);
      if (sent < asked * 0.97) {
        break;
      }
    }
    const memory = process.memoryUsage().rss - before;
    const peer = await wrk(running.port);
    console.log('\nrequests that one sender can send, answered by Envoy itself');
    console.table([
      {
        sender: "the rehearsal's load generator (open loop)",
        'requests per second': Math.round(ours),
        'memory in MiB': Math.round(memory / 2 ** 20),
      },
      { sender: 'wrk -t1 -c64 (closed loop)', 'requests per second': peer ?? 'not installed', 'memory in MiB': '' },
      ...(peer === undefined ? [] : [{ sender: 'ratio', 'requests per second': (ours / peer).toFixed(2), 'memory in MiB': '' }]),
    ]);
  } finally {
    await running.stop();
  }
}

async function sendAtRate(port: number, asked: number): Promise<number> {
  const seconds = 2;
  let ended = 0;
  const load = new LoadGenerator({
    port,
    path: '/',
    rate: asked,
    timeoutMs: 5000,
    onResult: () => {
      ended += 1;
    },
  });
  const start = performance.now();
  load.start();
  await wait(seconds * 1000);
  await load.stop();
  return (ended / (performance.now() - start)) * 1000;
}

async function wrk(port: number): Promise<number | undefined> {
  if (spawnSync('wrk', ['-v']).error) {
    return undefined;
  }
  const child = spawn('wrk', ['-t1', '-c64', '-d3s', `http://127.0.0.1:${port}/`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
  }
  return Math.round(Number(/Requests\/sec:\s*([\d.]+)/.exec(output)?.[1]));
}

function rounded(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}

if (require.main === module) {
  benchRehearsal().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
