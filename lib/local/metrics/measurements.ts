import type { RegisteredTask } from '../ecs/registrar';
import type { TargetGroupState } from '../emulator/follower';
import { type MeasuredMinute, realMinuteSeconds } from '../emulator/measured-minute';
import type { AnsweredRequest, RequestTry } from '../envoy/answered-request';
import type { WayIn } from '../routes/way-in';
import { asNodeSaw, TaskLogs } from './app-mesh-log';
import { LatticeData } from './lattice-data';
import { LoadBalancerData } from './load-balancer-data';
import { MetricData } from './metric-data';
import { Minutes } from './minutes';

/** What is measured. */
export interface MeasuredTraffic {
  /** All ways in, by their ids. */
  readonly current: ReadonlyMap<string, WayIn>;

  /** How healthy all targets are. */
  readonly targetGroups: readonly TargetGroupState[];

  /** The task that gets requests on a local port, or did so last. */
  taskAt(port: number): RegisteredTask | undefined;

  /** The tasks of a service that can get requests. */
  tasksOf(service: string): readonly RegisteredTask[];
}

/** How it is measured. */
export interface MeasurementsProps {
  readonly traffic: MeasuredTraffic;

  /**
   * How long a minute of CloudWatch takes, in seconds.
   *
   * @default 60
   */
  readonly minuteSeconds?: number;

  /** Told of every minute when it is over, also when nothing was measured. */
  readonly onMinute: (minute: MeasuredMinute) => void;
}

/** Measures what the traffic planes tell CloudWatch, and what the Envoys of a mesh write, minute by minute. */
export class Measurements {
  private readonly loadBalancers = new LoadBalancerData();
  private readonly lattice = new LatticeData();
  private readonly minutes: Minutes<{ readonly data: MetricData; readonly logs: TaskLogs }>;

  constructor(private readonly props: MeasurementsProps) {
    const { minuteSeconds = realMinuteSeconds, onMinute, traffic } = props;
    this.minutes = new Minutes({
      minuteSeconds,
      make: () => ({ data: new MetricData(), logs: new TaskLogs() }),
      onOver: (startedAt, { data, logs: { logs } }) => {
        this.loadBalancers.addHosts(traffic.current.values(), traffic.targetGroups, data);
        onMinute({ startedAt, data: data.data, logs });
      },
    });
  }

  /** Begins to tell, from the minute on that it is. */
  start(): void {
    this.minutes.start();
  }

  /** Tells no more. */
  stop(): void {
    this.minutes.stop();
  }

  /** Counts a request that is over, in the minute in which it ended. */
  request(request: AnsweredRequest, wayIn: WayIn): void {
    const { data, logs } = this.minutes.at(request.startedAt + request.durationMs);
    switch (wayIn.model.plane) {
      case 'load-balancer':
        this.loadBalancers.count(request, wayIn, data);
        break;
      case 'lattice':
        this.lattice.count(request, wayIn, data);
        break;
      case 'app-mesh': {
        const { gateway } = wayIn;
        // One Envoy stands for all tasks of a gateway.
        const [task] = gateway ? this.props.traffic.tasksOf(gateway.service) : [];
        if (gateway && task) {
          logs.note(gateway.accessLog, task.id, request);
        }
      }
    }
  }

  /** Takes note of a try to have a task of a mesh answer a request. */
  tried(tried: RequestTry, { targets }: WayIn): void {
    const { target, port, startedAt, durationMs } = tried;
    const accessLog = target === undefined ? undefined : targets[target]?.accessLog;
    const task = port === undefined ? undefined : this.props.traffic.taskAt(port);
    if (accessLog && task) {
      this.minutes.at(startedAt + durationMs).logs.note(accessLog, task.id, asNodeSaw(tried));
    }
  }
}
