import fc from 'fast-check';
import type { MeasuredMinute } from '../../../lib/local/emulator/measured-minute';
import { type MeasuredTraffic, Measurements } from '../../../lib/local/metrics/measurements';
import type { WayIn } from '../../../lib/local/routes/way-in';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import { type End, ends, requestTo, sumsOf, targetOf, wayInOf } from './requests';

const ports = { blue: 40_000, green: 40_001 };

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
  jest.useRealTimers();
});

/** One task in each slot, both healthy, and one of the gateway. */
function trafficOf(wayIn: WayIn): MeasuredTraffic {
  const task = (id: string, service = '') => ({ id, service, ports: {} });
  return {
    current: new Map([[wayIn.id, wayIn]]),
    targetGroups: Object.values(wayIn.targets).map(({ resource }) => ({
      targetGroup: resource,
      targets: [{ port: 1, state: 'healthy' }],
    })),
    taskAt: (port) => (port === ports.blue ? task('task-of-blue') : port === ports.green ? task('task-of-green') : undefined),
    tasksOf: (service) => [task('task-of-gateway', service)],
  };
}

function measuring(wayIn: WayIn) {
  const minutes: MeasuredMinute[] = [];
  const measurements = new Measurements({
    traffic: trafficOf(wayIn),
    minuteSeconds: 1,
    onMinute: (minute) => minutes.push(minute),
  });
  measurements.start();
  return { measurements, minutes };
}

/** The sums of several minutes. */
function sumsOver(minutes: readonly MeasuredMinute[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, value] of minutes.flatMap(({ data }) => Object.entries(sumsOf(data)))) {
    sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

test.each<{ plane: PlaneName; namespaces: string[] }>([
  { plane: 'load-balancer', namespaces: ['AWS/ApplicationELB'] },
  { plane: 'lattice', namespaces: [] },
  { plane: 'app-mesh', namespaces: [] },
])('$plane: a minute without requests is told, with no more than the health of targets', ({ plane, namespaces }) => {
  const { minutes } = measuring(wayInOf(plane));
  jest.advanceTimersByTime(1250);
  expect(minutes).toHaveLength(1);
  expect([...new Set(minutes[0]?.data.map(({ namespace }) => namespace))]).toEqual(namespaces);
  expect([...new Set(minutes[0]?.data.map(({ metricName }) => metricName))]).toEqual(
    namespaces.length === 0 ? [] : ['HealthyHostCount', 'UnHealthyHostCount'],
  );
  expect(minutes[0]?.logs).toEqual([]);
});

test('a mesh writes one line for each try at a task into the log of the Envoy of the task, and one at the gateway for each request', () => {
  const wayIn = wayInOf('app-mesh');
  const { measurements, minutes } = measuring(wayIn);
  const request = requestTo(wayIn, { startedAt: Date.now() });
  measurements.tried({ ...request, status: 503 }, wayIn);
  measurements.tried(request, wayIn);
  measurements.request(request, wayIn);
  // Nobody was asked.
  measurements.request({ ...request, ...ends.empty }, wayIn);
  jest.advanceTimersByTime(1250);
  expect(minutes[0]?.data).toEqual([]);
  const envoyLog = wayIn.gateway?.accessLog.log.logGroup;
  expect(minutes[0]?.logs).toEqual([
    {
      logGroup: envoyLog,
      logStream: expect.stringMatching(/green.*\/envoy\/task-of-green$/),
      lines: [
        { at: request.startedAt + 12, message: expect.stringContaining('"status":503') },
        { at: request.startedAt + 12, message: expect.stringContaining('"status":200') },
      ],
    },
    {
      logGroup: envoyLog,
      logStream: 'gateway/envoy/task-of-gateway',
      lines: [expect.anything(), { at: request.startedAt + 12, message: expect.stringContaining('503 UH') }],
    },
  ]);
});

const anyRequests = fc.array(
  fc.record({
    end: fc.constantFrom(...(Object.keys(ends) as End[])),
    slot: fc.constantFrom('blue' as const, 'green' as const),
    pause: fc.nat(400),
    late: fc.nat(300),
  }),
  { maxLength: 80 },
);

test.each(planeNames)('%s: whatever the requests, the sums over all minutes are theirs', (plane) => {
  const wayIn = wayInOf(plane);
  fc.assert(
    fc.property(anyRequests, (given) => {
      const { measurements, minutes } = measuring(wayIn);
      for (const { end, slot, pause, late } of given) {
        jest.advanceTimersByTime(pause);
        const startedAt = Date.now() - late - 12;
        const request = requestTo(wayIn, {
          startedAt,
          slot,
          target: targetOf(wayIn, slot),
          port: ports[slot],
          ...ends[end],
        });
        measurements.request(request, wayIn);
        if (request.port !== undefined) {
          measurements.tried(request, wayIn);
        }
      }
      jest.advanceTimersByTime(2250);
      measurements.stop();
      const sums = sumsOver(minutes);
      const sum = (name: string) => sums[name] ?? 0;
      const count = (matches: (end: End) => boolean) => given.filter(({ end }) => matches(end)).length;
      const hadTarget = count((end) => !('port' in ends[end]));
      switch (plane) {
        case 'load-balancer': {
          expect(sum('LoadBalancer RequestCount')).toBe(hadTarget);
          expect(sum('LoadBalancer+TargetGroup RequestCount')).toBe(hadTarget);
          const codes = ['Target', 'ELB'].flatMap((who) =>
            [2, 3, 4, 5].map((code) => `LoadBalancer HTTPCode_${who}_${code}XX_Count`),
          );
          expect(codes.reduce((all, name) => all + sum(name), 0)).toBe(given.length);
          break;
        }
        case 'lattice': {
          expect(sum('Service TotalRequestCount')).toBe(given.length);
          expect(sum('TargetGroup TotalRequestCount')).toBe(hadTarget);
          const codes = [2, 3, 4, 5].map((code) => `Service HTTPCode_${code}XX_Count`);
          expect(codes.reduce((all, name) => all + sum(name), 0)).toBe(count((end) => end !== 'left'));
          break;
        }
        case 'app-mesh': {
          const lines = (wanted: RegExp) =>
            minutes
              .flatMap(({ logs }) => logs)
              .filter(({ logStream }) => wanted.test(logStream))
              .reduce((all, each) => all + each.lines.length, 0);
          expect(lines(/task-of-(blue|green)$/)).toBe(hadTarget);
          expect(lines(/task-of-gateway$/)).toBe(given.length);
        }
      }
    }),
    { numRuns: 50 },
  );
});
