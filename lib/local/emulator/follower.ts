// What passes between CloudFormation in the emulator and what follows it: `extension/follower.py` is the other end.

/** A resource as CloudFormation has made it: no reference is left in its properties. */
export interface DeployedResource {
  /** CloudFormation type, such as `AWS::ECS::Service`. */
  readonly type: string;

  /** Name of the stack. */
  readonly stack: string;
  readonly logicalId: string;

  /** What `Ref` gives: the ARN, of most types that are followed. */
  readonly physicalId: string;

  /**
   * As in the template. Those of an ECS service have `ServiceName` and `DesiredCount` always, as the service has them now. What a
   * template does not name has the name that was made up for it, where others refer to it by name: `VirtualNodeName` and the like.
   */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a handler of CloudFormation has just done. */
export interface ResourceChange {
  readonly verb: 'create' | 'update' | 'delete';

  /** As it is now; a deleted one as it was. */
  readonly resource: DeployedResource;

  /**
   * Of an ECS service: the values of its containers' secrets, by name of the container and of the variable.
   *
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What came of a change. The handler waits for it. */
export interface ChangeAnswer {
  /** Why it could not be followed: the handler fails with these words. */
  readonly problem?: string;

  /** Where a load balancer, or a VPC Lattice service, answers: its DNS name, such as `127.0.0.1:40123`. */
  readonly address?: string;
}

/** Who is told of every change at the moment when it is made. */
export interface Follower {
  /**
   * Follows a change. Who answers with a problem, or throws, has kept nothing of it: what was made is deleted again without another
   * word; what was changed is set back, and told of as an update. A resource that is replaced is created anew, and the old one deleted
   * later: its physical id tells them apart. Of a service, `delete` comes while it is still there, and may wait for its tasks.
   */
  changed(change: ResourceChange): Promise<ChangeAnswer>;

  /**
   * Stops a task of a service, as somebody has asked the API to. Nobody waits for it.
   *
   * @param task the last part of its ARN
   * @param reason what the API is to say of it
   */
  stopTask?(task: string, reason: string): void;

  /** Told of every event of a stack, in their order, as `DescribeStackEvents` has them. */
  stackEvent?(event: StackEvent): void;

  /** Told of an alarm when it is made or changed, when its state changes, and when it is deleted. */
  alarm?(alarm: AlarmState): void;
}

/** An event of a stack, as `DescribeStackEvents` has it. */
export interface StackEvent {
  readonly id: string;

  /** Name of the stack. */
  readonly stack: string;

  /** As `Date.now()`. */
  readonly at: number;

  /** That of the stack is its name. */
  readonly logicalId: string;

  /** Empty while there is none. */
  readonly physicalId: string;
  readonly resourceType: string;

  /** Such as `UPDATE_IN_PROGRESS`. */
  readonly status: string;

  /** @default - none is given */
  readonly reason?: string;
}

/** A metric alarm, as `DescribeAlarms` has it. */
export interface AlarmState {
  readonly name: string;
  readonly arn: string;
  readonly description: string;

  /**
   * Name of the stack that made it.
   *
   * @default - it was made by a call of the API
   */
  readonly stack?: string;

  /** @default - it was made by a call of the API */
  readonly logicalId?: string;

  /** `DELETED`: it is there no more. */
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'DELETED';

  /** In the words of CloudWatch. */
  readonly reason: string;

  /** Since when it has this state, as `Date.now()`. */
  readonly since: number;
}

/** What the API is to say of an ECS service: what `DescribeServices`, `ListTasks` and `DescribeTasks` answer. */
export interface ServiceState {
  /** ARN of the service. */
  readonly service: string;

  /** The primary one first. */
  readonly deployments: readonly DeploymentState[];

  /** Those that run, and those that stopped a while ago. */
  readonly tasks: readonly TaskState[];

  /** The newest first. */
  readonly events: readonly ServiceEvent[];
}

export interface ServiceEvent {
  readonly id: string;

  /** As `Date.now()`. */
  readonly at: number;

  /** In the words of ECS, such as `(service shop) has reached a steady state.` */
  readonly message: string;
}

export interface DeploymentState {
  /** Such as `ecs-svc/0123456789`. */
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';

  /** ARN of its task definition. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly failedTasks: number;
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason: string;

  /** As `Date.now()`. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface TaskState {
  /** The last part of its ARN. */
  readonly id: string;

  /** Id of its deployment. */
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';
  readonly desiredStatus: 'RUNNING' | 'STOPPED';

  /** What the health check of its container says; `UNKNOWN` without one. */
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

  /** The local port behind each port of the container. */
  readonly ports: TaskPorts;

  /** As `Date.now()`. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly stoppedAt?: number;

  /** In the words of ECS, such as `Essential container in task exited`. */
  readonly stoppedReason?: string;
  readonly stopCode?: 'TaskFailedToStart' | 'EssentialContainerExited' | 'ServiceSchedulerInitiated' | 'UserInitiated';
  readonly exitCode?: number;
}

/** The local port behind each port of a container. */
export type TaskPorts = Readonly<Record<number, number>>;

/** What the API is to say of a target group: what `DescribeTargetHealth` and `ListTargets` answer. */
export interface TargetGroupState {
  /** ARN of the target group, of a load balancer or of VPC Lattice. */
  readonly targetGroup: string;
  readonly targets: readonly TargetState[];
}

export interface TargetState {
  readonly port: number;
  readonly state: TargetHealth | 'draining';
}

/** What a health check of the plane says of a task: `initial` before its first answer. */
export type TargetHealth = 'initial' | 'healthy' | 'unhealthy';
