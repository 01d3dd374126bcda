import { type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { routeOf, type SlotResources, slotResources } from '../live/slot-resources';
import type { MeasuredMinute } from './measured-minute';
import { minuteMs } from './minute-ms';
import { type PlaneMetrics, planeMetrics } from './plane-metrics';

/** As CloudWatch counts the length of a minute, in seconds, however long it takes. */
const period = 60;

/**
 * The whole minutes between two moments that are over by now, oldest first, with each slot that is deployed. A minute without data is one without
 * requests.
 *
 * On AWS the counts of a minute come a minute or two after it: who wants to be sure that they are complete ends before that.
 *
 * @param from as `Date.now()`
 * @param to as `Date.now()`
 */
export async function readMinutes(
  { cloudWatch: client, environment }: Pick<AwsClients, 'cloudWatch' | 'environment'>,
  stack: DeployedStack,
  from: number,
  to: number,
): Promise<readonly MeasuredMinute[]> {
  const length = minuteMs(environment);
  const starts = wholeMinutes(from, Math.min(to, Date.now()), length);
  const slots = slotResources(stack);
  const plane = planeMetrics[stack.state.wayIn.plane];
  const [first] = starts;
  if (first === undefined || plane === undefined) {
    return [];
  }
  const values = new Map<string, ReadonlyMap<number, number>>();
  const pages = paginateGetMetricData(
    { client },
    {
      StartTime: new Date(first),
      EndTime: new Date(first + starts.length * length),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: slots.flatMap((slot) => queries(plane, slot, routeOf(stack) ?? '')),
    },
  );
  for await (const { MetricDataResults = [] } of slots.length === 0 ? [] : pages) {
    for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const known = values.get(Id) ?? new Map();
      values.set(Id, new Map([...known, ...Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0] as const)]));
    }
  }
  return starts.map((at) => ({
    at,
    slots: Object.fromEntries(
      slots.map(({ name }) => {
        const value = (metric: string) => values.get(idOf(name, indexOf(plane, metric)))?.get(at);
        return [name, plane.minute(value)];
      }),
    ),
  }));
}

/**
 * When the whole minutes between two moments began.
 *
 * @param length of a minute, in milliseconds
 */
export function wholeMinutes(from: number, to: number, length: number): readonly number[] {
  const first = Math.ceil(from / length) * length;
  const count = Math.max(0, Math.floor((to - first) / length));
  return Array.from({ length: count }, (_, index) => first + index * length);
}

function queries(
  { namespace, metrics, dimensions }: PlaneMetrics,
  { name, target }: SlotResources,
  route: string,
): MetricDataQuery[] {
  const Dimensions = Object.entries(dimensions(target, route)).map(([Name, Value]) => ({ Name, Value }));
  return metrics.map((metric, index) => ({
    Id: idOf(name, index),
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: metric.name, Dimensions },
      Period: period,
      Stat: metric.statistic,
    },
  }));
}

const idOf = (slot: string, index: number) => `${slot}${index}`;

const indexOf = ({ metrics }: PlaneMetrics, metric: string) => metrics.findIndex(({ name }) => name === metric);
