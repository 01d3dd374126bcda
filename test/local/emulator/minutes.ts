import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Emulator } from '../../../lib/local/emulator/emulator';
import type { LogLines, MetricDatum } from '../../../lib/local/emulator/measured-minute';

/** The minute that a test calls the first: some time ago, at the start of an hour. */
export const firstMinute = Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000;

/** A datum with one value for each time that it was measured. */
export function datum(metricName: string, values: readonly number[], options: Partial<MetricDatum> = {}): MetricDatum {
  return { namespace: 'Test', metricName, dimensions: {}, unit: 'Count', values, counts: values.map(() => 1), ...options };
}

/** Reports minutes one after the other, and waits until each of them has been taken. */
export class Minutes {
  readonly cloudWatch: CloudWatchClient;
  private next = 0;

  constructor(private readonly emulator: Emulator) {
    this.cloudWatch = new CloudWatchClient(emulator.client);
  }

  /** When the next minute begins, as `Date.now()`. */
  get startsAt(): number {
    return firstMinute + this.next * this.emulator.minuteSeconds * 1000;
  }

  async report(data: readonly MetricDatum[] = [], logs: readonly LogLines[] = []): Promise<void> {
    const startedAt = this.startsAt;
    this.next += 1;
    // Nothing answers a report: it is in force when the last of it can be read.
    const mark = datum('Reported', [this.next], { namespace: 'Minutes' });
    this.emulator.report({ minute: { startedAt, data: [...data, mark], logs } });
    while ((await this.marked(startedAt)) !== this.next) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The state of an alarm. */
  async stateOf(name: string) {
    return (await this.alarm(name)).StateValue;
  }

  async alarm(name: string) {
    const { MetricAlarms: [alarm] = [] } = await this.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    if (!alarm) {
      throw new Error(`alarm: got none named ${name}`);
    }
    return alarm;
  }

  /** The states of all alarms, by name. */
  async states(): Promise<Readonly<Record<string, string | undefined>>> {
    const states: Record<string, string | undefined> = {};
    let NextToken: string | undefined;
    do {
      const page = await this.cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 100, NextToken }));
      for (const { AlarmName = '', StateValue } of page.MetricAlarms ?? []) {
        states[AlarmName] = StateValue;
      }
      NextToken = page.NextToken;
    } while (NextToken);
    return states;
  }

  private async marked(startedAt: number) {
    const { Datapoints = [] } = await this.cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Minutes',
        MetricName: 'Reported',
        StartTime: new Date(startedAt),
        EndTime: new Date(startedAt + this.emulator.minuteSeconds * 1000),
        Period: 60,
        Statistics: ['Maximum'],
      }),
    );
    return Datapoints[0]?.Maximum;
  }
}
