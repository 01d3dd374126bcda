import type { LogLines, MetricDatum } from '../../../lib/local/emulator/measured-minute';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import { templateOf } from '../../app-template';
import { followedEmulatorOfBlock } from './followed-emulator-of-block';
import { datum } from './minutes';
import type { Resources } from './stacks';

/** Counts of one minute by name of the metric: of each slot, and of the service. */
type Counts = Readonly<Record<string, number>>;

interface Traffic {
  readonly good: Counts;

  /** A fifth of the requests fails. */
  readonly bad: Counts;
  readonly few: Counts;
}

const of = (requests: string, ok: string, failed: string): Traffic => ({
  good: { [requests]: 100, [ok]: 100 },
  bad: { [requests]: 100, [ok]: 80, [failed]: 20 },
  few: { [requests]: 3, [failed]: 3 },
});
const traffic: Readonly<Record<PlaneName, Traffic>> = {
  'load-balancer': of('RequestCount', 'HTTPCode_Target_2XX_Count', 'HTTPCode_Target_5XX_Count'),
  lattice: of('TotalRequestCount', 'HTTPCode_2XX_Count', 'HTTPCode_5XX_Count'),
  'app-mesh': of('Requests', 'Good', 'Errors'),
};
const tasks: Readonly<Record<PlaneName, string>> = {
  'load-balancer': 'HealthyHostCount',
  lattice: 'RunningTaskCount',
  'app-mesh': 'RunningTaskCount',
};
const kinds = ['ServiceAlarm', 'ErrorAlarm', 'EmptySlotAlarm'] as const;

/** The alarms of the app on a plane with both slots, and what makes metrics from logs; other resources are but names here. */
function alarmsOn(trafficPlane: PlaneName): Resources {
  const all = Object.entries(templateOf({ trafficPlane, greenActive: true, greenWeight: 1, blueWeight: 1 }).Resources);
  const wanted = all.filter(([, { Type }]) => ['AWS::CloudWatch::Alarm', 'AWS::Logs::MetricFilter'].includes(Type));
  const named = wanted.map(([id, { Type, Properties }]) => {
    const { AlarmActions: _, OKActions: __, ...properties } = Properties;
    return [id, { Type, Properties: withNames(properties) }] as const;
  });
  const groups = new Set(named.flatMap(([, { Properties }]) => Properties.LogGroupName ?? []));
  const log = [...groups].map((LogGroupName) => ['Log', { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } }] as const);
  const after = (type: string) => (type === 'AWS::Logs::MetricFilter' ? { DependsOn: 'Log' } : {});
  return Object.fromEntries([...named.map(([id, resource]) => [id, { ...resource, ...after(resource.Type) }] as const), ...log]);
}

/** The same, with a name in place of what refers to another resource. */
function withNames(value: any): any {
  if (Array.isArray(value)) {
    return value.map(withNames);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const [first = ''] = Object.keys(value);
  return first === 'Ref' || first.startsWith('Fn::')
    ? JSON.stringify(value).replace(/\W+/g, '-')
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withNames(each)]));
}

/** The metrics that the alarms look at. */
function metricsOf(resources: Resources): readonly any[] {
  const alarms = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const metrics = alarms.flatMap(({ Properties }: any) =>
    Properties.Metrics ? Properties.Metrics.flatMap(({ MetricStat }: any) => MetricStat?.Metric ?? []) : [Properties],
  );
  const key = ({ MetricName, Dimensions }: any) => JSON.stringify([MetricName, Dimensions]);
  return [...new Map(metrics.map((metric) => [key(metric), metric])).values()];
}

const dimensionsOf = ({ Dimensions }: any): Readonly<Record<string, string>> =>
  Object.fromEntries(Dimensions.map(({ Name, Value }: any) => [Name, Value]));

const logGroupOf = ({ Log }: Resources): string => (Log as any).Properties.LogGroupName;

describe.each(planeNames)('the alarms of the app on %s', (plane) => {
  const on = followedEmulatorOfBlock();
  const resources = alarmsOn(plane);
  const metrics = metricsOf(resources);
  const { good, bad, few } = traffic[plane];
  let refs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const created = await on.stacks.create('alarms', resources);
    expect(created).toMatchObject({ status: 'CREATE_COMPLETE', failures: {} });
    refs = created.refs;
  });

  /** Reports minutes that are all the same. */
  async function pass(minutes: number, counts: Counts, taskCount: number | null = 2): Promise<void> {
    for (const _ of Array(minutes)) {
      await on.minutes.report(plane === 'app-mesh' ? tasksOf(taskCount) : [...data(counts), ...tasksOf(taskCount)], logs(counts));
    }
  }

  const data = (counts: Counts): readonly MetricDatum[] =>
    metrics.flatMap((metric) => {
      const count = counts[metric.MetricName];
      return count === undefined
        ? []
        : [datum(metric.MetricName, [count], { namespace: metric.Namespace, dimensions: dimensionsOf(metric) })];
    });

  const tasksOf = (count: number | null): readonly MetricDatum[] => (count === null ? [] : data({ [tasks[plane]]: count }));

  /** On App Mesh, requests are known by the lines that Envoy writes. */
  function logs({ Requests = 0, Errors = 0 }: Counts): readonly LogLines[] {
    const at = on.minutes.startsAt;
    return metrics
      .filter(({ MetricName }) => MetricName === 'Requests')
      .map((metric) => {
        const { Mesh: mesh, Target: target } = dimensionsOf(metric);
        const line = (index: number) =>
          JSON.stringify({ mesh, target, status: index < Errors ? 503 : 200, duration: 5, agent: 'load' });
        return {
          logGroup: logGroupOf(resources),
          logStream: `envoy/${target}`,
          lines: Array.from({ length: Requests }, (_, index) => ({ at: at + index, message: line(index) })),
        };
      });
  }

  /** The states of the alarms of one kind, each once. */
  async function states(): Promise<Readonly<Record<string, readonly string[]>>> {
    const all = await on.minutes.states();
    const names = Object.keys(resources);
    return Object.fromEntries(
      kinds.map((kind) => [
        kind,
        [
          ...new Set(
            names.filter((id) => new RegExp(`(Blue|Green|^)${kind}`).test(id)).map((id) => all[refs[id] ?? ''] ?? 'none'),
          ),
        ],
      ]),
    );
  }

  test('are those of the service and of both slots', () => {
    const count = (kind: string) => Object.keys(resources).filter((id) => new RegExp(`(Blue|Green|^)${kind}`).test(id)).length;
    expect(kinds.map(count)).toEqual([1, 2, 2]);
  });

  test('go off when a fifth of the requests fails, and come back', async () => {
    await pass(5, good);
    expect(await states()).toEqual({ ServiceAlarm: ['OK'], ErrorAlarm: ['OK'], EmptySlotAlarm: ['OK'] });
    await pass(2, bad);
    expect(await states()).toMatchObject({ ServiceAlarm: ['OK'], ErrorAlarm: ['OK'] });
    await pass(1, bad);
    expect(await states()).toEqual({ ServiceAlarm: ['ALARM'], ErrorAlarm: ['ALARM'], EmptySlotAlarm: ['OK'] });
    await pass(2, good);
    expect(await states()).toMatchObject({ ServiceAlarm: ['ALARM'], ErrorAlarm: ['ALARM'] });
    await pass(1, good);
    expect(await states()).toMatchObject({ ServiceAlarm: ['OK'], ErrorAlarm: ['OK'] });
  });

  test('say nothing when nobody asks, or few do', async () => {
    await pass(7, few);
    expect(await states()).toMatchObject({ ServiceAlarm: ['INSUFFICIENT_DATA'], ErrorAlarm: ['INSUFFICIENT_DATA'] });
    await pass(5, bad);
    expect(await states()).toMatchObject({ ServiceAlarm: ['ALARM'], ErrorAlarm: ['ALARM'] });
    await pass(7, {});
    expect(await states()).toMatchObject({ ServiceAlarm: ['INSUFFICIENT_DATA'], ErrorAlarm: ['INSUFFICIENT_DATA'] });
  });

  test.each([
    ['has none', 0],
    ['reports none', null],
  ])('go off when a slot %s that could answer, and come back', async (_, count) => {
    await pass(5, good);
    await pass(4, good, count);
    expect(await states()).toMatchObject({ EmptySlotAlarm: ['OK'] });
    // Where nothing is reported, the data of two more minutes stands in.
    await pass(count === null ? 3 : 1, good, count);
    expect(await states()).toEqual({ ServiceAlarm: ['OK'], ErrorAlarm: ['OK'], EmptySlotAlarm: ['ALARM'] });
    await pass(1, good);
    expect(await states()).toMatchObject({ EmptySlotAlarm: ['OK'] });
  });
});
