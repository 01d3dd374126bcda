import type { Server } from 'node:http';
import fc from 'fast-check';
import type { MeasuredMinute } from '../../../lib/local/emulator/measured-minute';
import type { AnsweredRequest } from '../../../lib/local/envoy/answered-request';
import { Entries } from '../../../lib/local/envoy/entries';
import { findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import { Measurements } from '../../../lib/local/metrics/measurements';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import { templateOf } from '../../app-template';
import { until } from '../../until';
import { obedientApp, portOf } from '../envoy/obedient-app';
import { deployed } from '../routes/deployed';
import { sumsOf } from './requests';

const servers: Server[] = [];
const stop = new AbortController();
let traffic: Traffic | undefined;

afterEach(async () => {
  await traffic?.stop();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A stack whose two slots have a task each, with all that is measured. */
class Traffic {
  readonly told: AnsweredRequest[] = [];
  readonly minutes: MeasuredMinute[] = [];

  /** How many requests the tasks have got. */
  atTasks = 0;
  private readonly entries: Entries;
  private readonly measurements: Measurements;

  private constructor(binary: Awaited<ReturnType<typeof findEnvoy>>) {
    this.entries = new Entries({
      binary,
      signal: stop.signal,
      onRequest: (request, wayIn) => {
        this.told.push(request);
        this.measurements.request(request, wayIn);
      },
      onTry: (tried, wayIn) => this.measurements.tried(tried, wayIn),
    });
    this.measurements = new Measurements({
      traffic: this.entries,
      minuteSeconds: 1,
      onMinute: (minute) => this.minutes.push(minute),
    });
    this.measurements.start();
  }

  static async start(trafficPlane: PlaneName): Promise<Traffic> {
    const started = new Traffic(await findEnvoy());
    traffic = started;
    const flags = { blueActive: true, greenActive: true, blueWeight: 1, greenWeight: 1, trafficPlane, healthcheckInterval: 5 };
    for (const resource of deployed(templateOf(flags))) {
      expect(await started.entries.changed({ verb: 'create', resource })).not.toHaveProperty('problem');
      if (resource.type === 'AWS::ECS::Service') {
        const server = await obedientApp();
        servers.push(server);
        server.on('request', ({ url }) => {
          started.atTasks += url === '/health' ? 0 : 1;
        });
        const task = { id: `task ${servers.length}`, service: resource.physicalId, ports: { 8080: portOf(server) } };
        await started.entries.register(task, () => {});
      }
    }
    await until(() => started.entries.targetGroups.every(({ targets }) => targets.every(({ state }) => state === 'healthy')));
    return started;
  }

  /** How many requests Envoy has counted that are over. */
  get counted(): Promise<number> {
    return this.entries.entryOf('stack')?.requests() ?? Promise.resolve(0);
  }

  async ask(path: string): Promise<number> {
    const [{ address } = { address: '' }] = this.entries.waysIn;
    const answer = await fetch(`http://${address}${path}`);
    await answer.text();
    return answer.status;
  }

  /** Waits until this minute, and the next one, are over. */
  async minutesOver(): Promise<void> {
    const after = this.minutes.length + 2;
    await until(() => this.minutes.length >= after);
  }

  async stop(): Promise<void> {
    this.measurements.stop();
    await this.entries.stop();
  }
}

const anyPaths = fc.array(fc.constantFrom('/', '/201', '/404', '/500', '/503', '/crash'), { minLength: 200, maxLength: 200 });

test.each(planeNames)(
  '%s: client, Envoy, tasks and CloudWatch count the same',
  async (plane) => {
    const on = await Traffic.start(plane);
    const [before, told] = [await on.counted, on.told.length];
    const statuses: number[] = [];
    const [paths = []] = fc.sample(anyPaths, 1);
    for (let batch = 0; batch < paths.length; batch += 20) {
      statuses.push(...(await Promise.all(paths.slice(batch, batch + 20).map((path) => on.ask(path)))));
    }
    await on.minutesOver();
    expect((await on.counted) - before).toBe(paths.length);
    expect(
      on.told
        .slice(told)
        .map(({ status }) => status)
        .sort(),
    ).toEqual([...statuses].sort());
    const { answers, atTasks } = measuredOn[plane](on.minutes);
    for (const code of [2, 4, 5]) {
      expect([code, answers(code)]).toEqual([code, statuses.filter((status) => Math.floor(status / 100) === code).length]);
    }
    expect(atTasks).toBe(on.atTasks);
  },
  60_000,
);

interface Counts {
  /** Answers with a status from so many hundred on. */
  readonly answers: (hundred: number) => number;

  /** Requests that tasks have got, those among them that were tried again. */
  readonly atTasks: number;
}

/** What is measured of the requests of all clients. */
const measuredOn: Readonly<Record<PlaneName, (minutes: readonly MeasuredMinute[]) => Counts>> = {
  'load-balancer': (minutes) => ({
    answers: (hundred) =>
      sumOf(minutes, `LoadBalancer HTTPCode_Target_${hundred}XX_Count`) +
      sumOf(minutes, `LoadBalancer HTTPCode_ELB_${hundred}XX_Count`),
    atTasks: sumOf(minutes, 'LoadBalancer+TargetGroup RequestCount'),
  }),
  lattice: (minutes) => ({
    answers: (hundred) => sumOf(minutes, `Service HTTPCode_${hundred}XX_Count`),
    atTasks: sumOf(minutes, 'TargetGroup TotalRequestCount'),
  }),
  'app-mesh': (minutes) => ({
    answers: (hundred) => linesOf(minutes, /^gateway/).filter((line) => line.includes(` HTTP/1.1" ${hundred}`)).length,
    atTasks: linesOf(minutes, /^(?!gateway)/).length,
  }),
};

function sumOf(minutes: readonly MeasuredMinute[], name: string): number {
  return minutes.reduce((sum, { data }) => sum + (sumsOf(data)[name] ?? 0), 0);
}

function linesOf(minutes: readonly MeasuredMinute[], stream: RegExp): readonly string[] {
  const logs = minutes.flatMap((minute) => minute.logs).filter(({ logStream }) => stream.test(logStream));
  return logs.flatMap(({ lines }) => lines.map(({ message }) => message));
}
