import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlaneName } from '../../lib/release/plane-limits';
import { languages } from './languages';
import { measured, testSomethingWasMeasured, wasMeasured } from './rehearsal-run';
import { missingLanguages, pythonHttpServer, type Server, server, testWith } from './servers';

const folder = mkdtempSync(join(tmpdir(), 'shutdowns-'));
const shutdown = { blue: join(folder, 'blue'), green: join(folder, 'green') };
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly plane: PlaneName;
  readonly blue: Server;
  readonly green: Server;

  /** Requests per second, where a server takes fewer connections at a time than come at the usual rate. */
  readonly rate?: number;

  /** @default - none */
  readonly remarks?: readonly string[];

  /** What to look at when the run is over. */
  readonly check?: () => void;
}

const cases: readonly Case[] = [
  {
    plane: 'load-balancer',
    blue: pythonHttpServer,
    green: server('redirects.c', 'raw sockets, HTTP/1.0, 301 on all but the health check'),
    rate: 200,
  },
  {
    plane: 'load-balancer',
    blue: server('prefork.pl', 'four processes at one socket, 204, a connection for each answer'),
    green: server('cluster.js', 'three processes behind one port'),
  },
  {
    plane: 'lattice',
    blue: server('streaming.rs', 'a thread for each connection, an answer in six pieces'),
    green: server('LargeBody.java', 'a pool of threads, a quarter of a megabyte in each answer'),
  },
  {
    plane: 'app-mesh',
    blue: server('short_keep_alive.js', 'a connection is closed after one second without a request'),
    green: server('slow_start.py', 'listens after eight seconds'),
  },
  {
    plane: 'load-balancer',
    blue: server('leaves_child.py', 'an event loop, and a child in a session of its own'),
    green: server('streaming.rs', 'ignores SIGTERM', (run) => `trap '' TERM; ${run}`),
    remarks: ['slot green: its app did not end within 10 s after SIGTERM, and was killed'],
  },
  {
    plane: 'lattice',
    blue: server('graceful.go', 'takes 1.5 s to end', (run) => `${run} "${shutdown.blue}"`),
    green: server('graceful.go', 'the same in a pipeline', (run) => `${run} "${shutdown.green}" | cat`),
    check: () => {
      for (const file of [shutdown.blue, shutdown.green]) {
        // Once for each time that it was tried.
        expect(readFileSync(file, 'utf8')).toMatch(/^(?:asked to end\nended\n)+$/);
      }
    },
  },
];

describe.each(cases)('on $plane', ({ plane, blue, green, rate, remarks = [], check }) => {
  testWith([blue, green], `a release holds from "${blue.what}" to "${green.what}"`, async () => {
    const words = ['-c', `trafficPlane=${plane}`, '--blue', blue.command, '--green', green.command];
    const run = await measured(...words, ...(rate === undefined ? [] : ['--rate', `${rate}`]));
    expect(run).toMatchObject({ stderr: '', stillRunning: [], stillThere: [] });
    check?.();
    if (wasMeasured(run)) {
      expect(run.report).toMatchObject({ verdict: 'held', problems: [], remarks, totals: { failed: 0 } });
      expect(run.status).toBe(0);
      expect(run.report.steps?.map(({ preview }) => preview?.failed ?? 0)).toEqual([0, 0, 0, 0, 0]);
    }
  });
});

test('at least five languages are here, where all of them should be', () => {
  const here = Object.values(languages).filter(({ name }) => !missingLanguages.includes(name));
  expect(here.length).toBeGreaterThanOrEqual(process.env.CI === 'true' ? 5 : 1);
});

testSomethingWasMeasured();
