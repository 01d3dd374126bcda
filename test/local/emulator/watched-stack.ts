import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  type RollbackConfiguration,
  type RollbackTrigger,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { Emulator } from '../../../lib/local/emulator/emulator';
import { RecordingFollower } from './recording-follower';
import { type Resources, Stacks } from './stacks';

/** Resources that are made at once, by their logical ids. */
export function topics(...ids: readonly string[]): Resources {
  return Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::SNS::Topic' }]));
}

export function bodyOf(resources: Resources): string {
  return JSON.stringify({ Resources: resources });
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What an alarm on a metric that nobody puts has, beside its name. */
export const alarmOnNothing = {
  Namespace: 'test',
  MetricName: 'test',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
} as const;

/** What a stack is watched by. */
export function watching(MonitoringTimeInMinutes?: number, ...RollbackTriggers: RollbackTrigger[]): RollbackConfiguration {
  return { RollbackTriggers, MonitoringTimeInMinutes };
}

/**
 * A followed emulator for the tests of a block, whose minutes take a second, and for each of them the name of a stack that is not there
 * yet, and an alarm that is OK.
 */
export class WatchedStack {
  /** They are there within the tests only. */
  static ofBlock(): WatchedStack {
    const on = new WatchedStack();
    let tests = 0;

    beforeAll(async () => {
      on.started = await Emulator.start({ follower: on.follower, minuteSeconds: 1 });
    });

    afterAll(async () => {
      await on.started?.stop();
      expect(on.started?.complaints).not.toContain('Traceback');
    });

    beforeEach(async () => {
      tests += 1;
      await on.use(`stack-${tests}`, `alarm: ${tests}`);
    });

    return on;
  }

  /** Of the stack. */
  name = '';

  /** Name of the alarm. */
  alarm = '';
  readonly follower = new RecordingFollower();
  private started?: Emulator;

  private constructor() {}

  get emulator(): Emulator {
    return this.started as Emulator;
  }

  get stacks(): Stacks {
    return new Stacks(this.emulator);
  }

  get cloudFormation(): CloudFormationClient {
    return new CloudFormationClient(this.emulator.client);
  }

  get cloudWatch(): CloudWatchClient {
    return new CloudWatchClient(this.emulator.client);
  }

  arnOf(alarm = this.alarm): string {
    return `arn:aws:cloudwatch:${this.emulator.region}:${this.emulator.account}:alarm:${alarm}`;
  }

  trigger(alarm = this.alarm, Type = 'AWS::CloudWatch::Alarm'): RollbackTrigger {
    return { Arn: this.arnOf(alarm), Type };
  }

  /** Watched by the alarm, longer than a test takes. */
  get long(): RollbackConfiguration {
    return watching(180, this.trigger());
  }

  /** The reason for which CloudFormation goes back. */
  wentOff(alarm = this.alarm): string {
    return `Rollback trigger ${this.arnOf(alarm)} went into ALARM state`;
  }

  async putAlarm(AlarmName: string): Promise<void> {
    await this.cloudWatch.send(new PutMetricAlarmCommand({ AlarmName, ...alarmOnNothing }));
  }

  async setAlarm(StateValue: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA', AlarmName = this.alarm): Promise<void> {
    await this.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'ordered by a test' }));
  }

  async create(resources: Resources, RollbackConfiguration?: RollbackConfiguration): Promise<void> {
    const command = { StackName: this.name, TemplateBody: bodyOf(resources), RollbackConfiguration };
    await this.cloudFormation.send(new CreateStackCommand(command));
  }

  async update(resources: Resources, RollbackConfiguration?: RollbackConfiguration): Promise<void> {
    const command = { StackName: this.name, TemplateBody: bodyOf(resources), RollbackConfiguration };
    await this.cloudFormation.send(new UpdateStackCommand(command));
  }

  /** Creates it, watched by nothing. */
  async isThere(resources: Resources): Promise<void> {
    await this.create(resources);
    expect(await this.ended()).toBe('CREATE_COMPLETE');
  }

  /** Waits until the operation has ended. */
  async ended(): Promise<string> {
    await until(async () => !(await this.status()).endsWith('_IN_PROGRESS'));
    return this.status();
  }

  status(): Promise<string> {
    return this.stacks.status(this.name);
  }

  async configuration(): Promise<RollbackConfiguration | undefined> {
    return (await this.stacks.describe(this.name)).RollbackConfiguration;
  }

  /** What the stack itself went through, oldest first, with the reasons. */
  async history(): Promise<readonly string[]> {
    const { StackEvents = [] } = await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName: this.name }));
    return StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === this.name)
      .reverse()
      .map(({ ResourceStatus, ResourceStatusReason }) => [ResourceStatus, ResourceStatusReason].filter(Boolean).join(': '));
  }

  /** The logical ids of its resources, of those too that are still to be removed. */
  async live(): Promise<readonly string[]> {
    const resources = (await this.emulator.resources()).filter(({ stack }) => stack === this.name);
    return resources.map(({ logicalId }) => logicalId).sort();
  }

  /** Waits until its last resource is there: from then on it is monitored. */
  monitored(lastResource: string): Promise<void> {
    return until(() =>
      this.follower.stackEvents.some(
        ({ stack, logicalId, status }) =>
          stack === this.name && logicalId === lastResource && /^(CREATE|UPDATE)_COMPLETE$/.test(status),
      ),
    );
  }

  private async use(name: string, alarm: string): Promise<void> {
    this.name = name;
    this.alarm = alarm;
    await this.putAlarm(alarm);
    await this.setAlarm('OK');
  }
}
