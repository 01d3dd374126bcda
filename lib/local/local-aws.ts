// AWS on this machine: CloudFormation and the APIs, with tasks and ways in that follow what is deployed.

import { EcsServices } from './ecs/ecs-services';
import type { TaskCommands } from './ecs/task-command';
import { Emulator } from './emulator/emulator';
import type { AlarmState, ChangeAnswer, Follower, ResourceChange, ServiceState, StackEvent } from './emulator/follower';
import type { AnsweredRequest } from './envoy/answered-request';
import { Entries } from './envoy/entries';
import type { Entry } from './envoy/entry';
import type { EnvoyBinary } from './envoy/envoy-binary';
import type { EnvoyStamps } from './envoy/envoy-configuration';
import type { OpenWayIn } from './envoy/open-way-in';
import { Measurements } from './metrics/measurements';

/** How an AWS on this machine is set up. */
export interface LocalAwsOptions {
  readonly envoy: EnvoyBinary;

  /** What runs instead of images. */
  readonly commands: TaskCommands;

  /**
   * Headers that are stamped on answers.
   *
   * @default - `x-slot`, with the label of the slot
   */
  readonly stamps?: EnvoyStamps;

  /**
   * Whether every request is noted, for `Entry.accessLog`.
   *
   * @default false
   */
  readonly notes?: boolean;

  /**
   * How long a minute of CloudWatch takes, in seconds: a whole number from 1 to 60.
   *
   * @default 60
   */
  readonly minuteSeconds?: number;

  /** Ends the start early. */
  readonly signal?: AbortSignal;

  /** Told, in words, of what was lost although nobody ended it: an Envoy, or the emulator. */
  readonly onLost?: (problem: string) => void;

  /** Told of a service whenever something in it has changed. */
  readonly onService?: (state: ServiceState) => void;

  /** Told when a way in has come or gone, and when its weights have changed. */
  readonly onWaysIn?: (waysIn: readonly OpenWayIn[]) => void;

  /** Told of every change of CloudFormation before it is followed. */
  readonly onChange?: (change: ResourceChange) => void;

  /**
   * Told of every change of CloudFormation when it is in force.
   *
   * @param toldAt when the handler told of it, as `performance.now()`
   */
  readonly onChanged?: (change: ResourceChange, toldAt: number) => void;

  /** Told of every request at any way in when it is over, within half a second. */
  readonly onRequest?: (request: AnsweredRequest) => void;

  /** Told of every event of a stack. */
  readonly onStackEvent?: (event: StackEvent) => void;

  /** Told of an alarm when it is made or changed, when its state changes, and when it is deleted. */
  readonly onAlarm?: (alarm: AlarmState) => void;
}

/** CloudFormation and the APIs, an Envoy per way in, and the tasks of ECS services as processes: all on this machine. */
export class LocalAws implements Follower {
  static async start(options: LocalAwsOptions): Promise<LocalAws> {
    const local = new LocalAws(options);
    try {
      local.started = await Emulator.start({
        follower: local,
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.minuteSeconds ? { minuteSeconds: options.minuteSeconds } : {}),
      });
      options.signal?.throwIfAborted();
      void local.started.ended.then(() => local.lost('the emulator has ended'));
      local.measurements.start();
      return local;
    } catch (error) {
      await local.stop();
      throw error;
    }
  }

  private readonly end = new AbortController();
  private readonly entries: Entries;
  private readonly services: EcsServices;
  private readonly measurements: Measurements;
  private started: Emulator | undefined;
  private stopped: Promise<void> | undefined;
  private told = '[]';

  private constructor(private readonly options: LocalAwsOptions) {
    this.entries = new Entries({
      binary: options.envoy,
      ...(options.stamps ? { stamps: options.stamps } : {}),
      notes: options.notes ?? false,
      signal: this.end.signal,
      onTargetGroups: (targetGroups) => this.started?.report({ targetGroups }),
      onLost: (problem) => this.lost(problem),
      onRequest: (request, wayIn) => {
        this.measurements.request(request, wayIn);
        options.onRequest?.(request);
      },
      onTry: (tried, wayIn) => this.measurements.tried(tried, wayIn),
    });
    this.measurements = new Measurements({
      traffic: this.entries,
      ...(options.minuteSeconds ? { minuteSeconds: options.minuteSeconds } : {}),
      onMinute: (minute) => this.started?.report({ minute }),
    });
    this.services = new EcsServices({
      registrar: this.entries,
      commands: options.commands,
      environment: () => this.emulator.environment,
      onState: (state) => {
        this.started?.report({ services: [state] });
        options.onService?.(state);
      },
    });
  }

  /** CloudFormation and the APIs. */
  get emulator(): Emulator {
    if (this.started === undefined) {
      throw new Error('expected a started emulator');
    }
    return this.started;
  }

  /** What a process needs in its environment in order to talk to this AWS and to no other. */
  get environment(): Record<string, string> {
    const { environment, account } = this.emulator;
    return { ...environment, CDK_DEFAULT_ACCOUNT: account, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  }

  /** Where requests come in. */
  get waysIn(): readonly OpenWayIn[] {
    return this.entries.waysIn;
  }

  /** Where the requests for a stack come in; `undefined` while it has no way in. */
  entryOf(stack: string): Entry | undefined {
    return this.entries.entryOf(stack);
  }

  /** Follows a change of CloudFormation, which waits for it. */
  async changed(change: ResourceChange): Promise<ChangeAnswer> {
    const toldAt = performance.now();
    this.options.onChange?.(change);
    try {
      const answer = await this.followed(change);
      if (answer.problem === undefined) {
        this.options.onChanged?.(change, toldAt);
      }
      return answer;
    } finally {
      this.tellWaysIn();
    }
  }

  /** Stops a task of a service, which starts another. */
  stopTask(task: string, reason: string): void {
    this.services.stopTask(task, reason);
  }

  /** Passes an event of a stack on. */
  stackEvent(event: StackEvent): void {
    this.options.onStackEvent?.(event);
  }

  /** Passes the state of an alarm on. */
  alarm(alarm: AlarmState): void {
    this.options.onAlarm?.(alarm);
  }

  /** Ends all of it within a few seconds, whatever is under way: no drains. */
  stop(): Promise<void> {
    this.stopped ??= this.endAll();
    return this.stopped;
  }

  // What is behind a target is known before the tasks are there, and until they are gone.
  private async followed(change: ResourceChange): Promise<ChangeAnswer> {
    const { verb, resource } = change;
    if (verb === 'delete') {
      await this.services.changed(change);
      return this.entries.changed(change);
    }
    const answer = await this.entries.changed(change);
    if (answer.problem === undefined) {
      try {
        await this.services.changed(change);
      } catch (error) {
        // Nothing is kept of what was refused.
        if (verb === 'create') {
          await this.entries.changed({ verb: 'delete', resource });
        }
        throw error;
      }
    }
    return answer;
  }

  private tellWaysIn(): void {
    const { waysIn } = this;
    const told = JSON.stringify(waysIn);
    if (told !== this.told) {
      this.told = told;
      this.options.onWaysIn?.(waysIn);
    }
  }

  private lost(problem: string): void {
    if (this.stopped === undefined) {
      this.options.onLost?.(problem);
    }
  }

  private async endAll(): Promise<void> {
    this.measurements.stop();
    // First: what CloudFormation is at would only see how everything goes away.
    await this.started?.stop();
    await Promise.all([this.services.end(), this.entries.stop()]);
    this.end.abort();
  }
}
