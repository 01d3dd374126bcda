import {
  type AlarmHistoryItem,
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  HistoryItemType,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { Emulator } from '../../lib/local/emulator/emulator';
import { Stacks } from '../local/emulator/stacks';
import { until } from '../until';

const patienceMs = 150_000;

/** States of alarms, by the name of the output that has their ARN, without `Arn`. */
export type AlarmStates = Readonly<Record<string, string | undefined>>;

/** The alarms of a stack, and what they go by. */
export class Alarms {
  private readonly client: CloudWatchClient;

  constructor(
    private readonly emulator: Emulator,
    private readonly stack: string,
  ) {
    this.client = new CloudWatchClient(emulator.client);
  }

  /** The ARN of an alarm, such as `ServiceAlarm`. */
  async arn(name: string): Promise<string> {
    return (await new Stacks(this.emulator).outputs(this.stack))[`${name}Arn`] ?? '';
  }

  async states(): Promise<AlarmStates> {
    const outputs = Object.entries(await new Stacks(this.emulator).outputs(this.stack));
    const { MetricAlarms = [] } = await this.client.send(new DescribeAlarmsCommand({}));
    return Object.fromEntries(
      outputs
        .filter(([, value]) => value.includes(':alarm:'))
        .map(([name, arn]) => [name.replace(/Arn$/, ''), MetricAlarms.find(({ AlarmArn }) => AlarmArn === arn)?.StateValue]),
    );
  }

  /** Waits until alarms have these states, for longer than any plane waits for an answer. */
  async reach(states: AlarmStates): Promise<void> {
    await until(async () => {
      const now = await this.states();
      return Object.entries(states).every(([name, state]) => now[name] === state);
    }, patienceMs);
  }

  /** What became of an alarm, oldest first: such as `INSUFFICIENT_DATA to OK`. */
  async changes(name: string): Promise<readonly string[]> {
    const items = await this.history(name, HistoryItemType.StateUpdate);
    return items.map(({ HistorySummary = '' }) => HistorySummary.replace(/^Alarm updated from /, ''));
  }

  /**
   * Sums of what an alarm on the share of errors goes by.
   *
   * @param since as `Date.now()`
   */
  async counts(name: string, since: number): Promise<{ readonly requests: number; readonly errors: number }> {
    const { Metrics = [] } = await this.alarm(name);
    const { MetricDataResults = [] } = await this.client.send(
      new GetMetricDataCommand({
        StartTime: new Date(since),
        EndTime: new Date(),
        MetricDataQueries: Metrics.map((metric) => ({ ...metric, ReturnData: ['requests', 'errors'].includes(metric.Id ?? '') })),
      }),
    );
    const sum = (id: string) =>
      (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((total, value) => total + value, 0);
    return { requests: sum('requests'), errors: sum('errors') };
  }

  private async alarm(name: string): Promise<MetricAlarm> {
    const arn = await this.arn(name);
    const { MetricAlarms = [] } = await this.client.send(
      new DescribeAlarmsCommand({ AlarmNames: [arn.split(':alarm:')[1] ?? ''] }),
    );
    return MetricAlarms[0] ?? {};
  }

  private async history(name: string, type: HistoryItemType): Promise<readonly AlarmHistoryItem[]> {
    const { AlarmName = '' } = await this.alarm(name);
    const { AlarmHistoryItems = [] } = await this.client.send(
      new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: type }),
    );
    return AlarmHistoryItems.reverse();
  }
}
