import type { AlarmState, DeployedResource, ServiceState, StackEvent, TaskState } from '../../../lib/local/emulator/follower';
import type { AnsweredRequest } from '../../../lib/local/envoy/answered-request';
import type { OpenWayIn } from '../../../lib/local/envoy/open-way-in';
import type { About } from '../../../lib/local/page/view';
import type { WatchedAws } from '../../../lib/local/page/watched-aws';

/** What is shown of an AWS that nobody has started. */
export const about: About = {
  endpoint: 'http://127.0.0.1:40611',
  commands: ['npx cdk bootstrap aws://123456789012/us-east-1', 'npx cdk deploy -c greenActive=true -c greenWeight=1'],
};

const account = 'us-east-1:123456789012';

/** Id of the way in of a stack. */
export const wayInOf = (stack: string) => `arn:aws:elasticloadbalancing:${account}:loadbalancer/app/${stack}/0123456789abcdef`;
const serviceOf = (stack: string, slot: string) => `arn:aws:ecs:${account}:service/${stack}/${stack}-${slot}`;
const taskDefinitionOf = (stack: string, slot: string, version: string) =>
  `arn:aws:ecs:${account}:task-definition/${stack}-${slot}:${version.replaceAll('.', '')}`;

export const targetOf = (slot: string) => `${slot}TargetGroup0A1B2C3D-01234567`;

/** The task definition of a slot, and its service, as CloudFormation tells of them. */
export function slotResources(stack: string, slot: string, version: string): readonly DeployedResource[] {
  const name = `${slot[0]?.toUpperCase()}${slot.slice(1)}`;
  const taskDefinition = taskDefinitionOf(stack, slot, version);
  return [
    {
      type: 'AWS::ECS::TaskDefinition',
      stack,
      logicalId: `BlueGreen${name}TaskDefinition0A1B2C3D`,
      physicalId: taskDefinition,
      properties: {
        ContainerDefinitions: [
          {
            Name: 'app',
            Image: `example/shop:${version}`,
            PortMappings: [{ ContainerPort: 8080 }],
            Environment: [{ Name: 'SLOT', Value: slot }],
          },
        ],
      },
    },
    {
      type: 'AWS::ECS::Service',
      stack,
      logicalId: `BlueGreen${name}Service0A1B2C3D`,
      physicalId: serviceOf(stack, slot),
      properties: { ServiceName: `${stack}-${slot}`, DesiredCount: 2, TaskDefinition: taskDefinition },
    },
  ];
}

/** A task of a slot. */
export function task(id: string, overrides: Partial<TaskState> = {}): TaskState {
  return {
    id,
    deployment: 'ecs-svc/1',
    taskDefinition: '',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'HEALTHY',
    ports: { 8080: 40_000 },
    createdAt: Date.now() - 190_000,
    startedAt: Date.now() - 185_000,
    ...overrides,
  };
}

/** What ECS says of a slot. */
export function serviceState(stack: string, slot: string, version: string, tasks: readonly TaskState[]): ServiceState {
  const taskDefinition = taskDefinitionOf(stack, slot, version);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return {
    service: serviceOf(stack, slot),
    deployments: [
      {
        id: 'ecs-svc/1',
        status: 'PRIMARY',
        taskDefinition,
        desiredCount: 2,
        runningCount: running,
        pendingCount: 0,
        failedTasks: 0,
        rolloutState: running < 2 ? 'IN_PROGRESS' : 'COMPLETED',
        rolloutStateReason: '',
        createdAt: Date.now(),
        updatedAt: Date.now(),
      },
    ],
    tasks: tasks.map((each) => ({ ...each, taskDefinition })),
    events: [{ id: '1', at: Date.now(), message: `(service ${stack}-${slot}) has reached a steady state.` }],
  };
}

/** A way in to two slots. */
export function openWayIn(stack: string, blue: number, green: number): OpenWayIn {
  const slots = ['blue', 'green'];
  return {
    id: wayInOf(stack),
    name: 'load balancer LoadBalancerBE9EEC3A',
    stack,
    address: '127.0.0.1:40123',
    plane: 'load-balancer',
    targets: slots.map((slot) => ({ name: targetOf(slot), slot, services: [serviceOf(stack, slot)] })),
    splits: [
      {
        name: 'ListenerRule0A1B2C3D-89abcdef',
        targets: [
          { target: targetOf('blue'), weight: blue },
          { target: targetOf('green'), weight: green },
        ],
      },
    ],
  };
}

/** An event of a stack. */
export function stackEvent(stack: string, overrides: Partial<StackEvent> = {}): StackEvent {
  return {
    id: '1',
    stack,
    at: Date.now(),
    logicalId: stack,
    physicalId: `arn:aws:cloudformation:${account}:stack/${stack}/1`,
    resourceType: 'AWS::CloudFormation::Stack',
    status: 'UPDATE_IN_PROGRESS',
    ...overrides,
  };
}

/** The guard refuses to take green away. */
export const guardRefusal: Partial<StackEvent> = {
  logicalId: 'BlueGreenGuard0A1B2C3D',
  resourceType: 'Custom::ReleaseGuard',
  status: 'UPDATE_FAILED',
  reason: 'greenActive: got false, expected true, since green answers requests (weight 1): keep greenActive true',
};

/** An alarm on the errors of green. */
export function alarm(stack: string, overrides: Partial<AlarmState> = {}): AlarmState {
  return {
    name: `${stack}-BlueGreenGreenErrorAlarm0A1B2C3D-X1Y2Z3`,
    arn: `arn:aws:cloudwatch:${account}:alarm:${stack}-green-errors`,
    description: `slot green of ${stack} answers 5 % of its requests or more with a 5xx status or not at all`,
    stack,
    logicalId: 'BlueGreenGreenErrorAlarm0A1B2C3D',
    state: 'OK',
    reason: 'Threshold Crossed: 3 datapoints [0.0, 0.0, 0.0] were not greater than or equal to the threshold (5.0).',
    since: Date.now() - 60_000,
    ...overrides,
  };
}

/** A request that was over at some time. */
export function request(stack: string, endedAt: number, slot: string | undefined, overrides: Partial<AnsweredRequest> = {}) {
  const durationMs = overrides.durationMs ?? 12;
  return {
    wayIn: wayInOf(stack),
    startedAt: endedAt - durationMs,
    durationMs,
    status: 200,
    flags: [],
    route: slot && 'ListenerRule0A1B2C3D-89abcdef',
    target: slot && targetOf(slot),
    slot,
    port: slot && 40_000,
    ...overrides,
  } as AnsweredRequest;
}

/** A step of a release: green has had a quarter of the requests for a minute, answers errors, and an alarm has gone off. */
export function showRelease(watched: WatchedAws, stack = 'shop'): void {
  const now = Date.now();
  const versions = [
    ['blue', '1.4.0'],
    ['green', '1.5.0'],
  ] as const;
  for (const [slot, version] of versions) {
    for (const resource of slotResources(stack, slot, version)) {
      watched.onChange({ verb: 'create', resource });
    }
  }
  watched.onService(serviceState(stack, 'blue', '1.4.0', [task('b1b2b3b4c5d6'), task('b5b6b7b8c9d0')]));
  watched.onService(
    serviceState(stack, 'green', '1.5.0', [
      task('a1a2a3a4c5d6', { createdAt: now - 100_000, startedAt: now - 95_000 }),
      task('a5a6a7a8c9d0', { healthStatus: 'UNHEALTHY', createdAt: now - 100_000, startedAt: now - 95_000 }),
      task('c1c2c3c4c5d6', {
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        healthStatus: 'UNKNOWN',
        stoppedAt: now - 20_000,
        stoppedReason: 'Essential container in task exited',
        exitCode: 1,
      }),
    ]),
  );
  for (const [slot, version] of versions) {
    for (const resource of slotResources(stack, slot, version)) {
      watched.onChanged({ verb: 'create', resource });
    }
  }
  const clock = Date.now;
  Date.now = () => now - 70_000;
  watched.onWaysIn([openWayIn(stack, 100, 0)]);
  Date.now = () => now - 60_000;
  watched.onWaysIn([openWayIn(stack, 75, 25)]);
  Date.now = clock;
  watched.onStackEvent(stackEvent(stack, { status: 'UPDATE_COMPLETE', at: now - 300_000 }));
  watched.onStackEvent(stackEvent(stack, { at: now - 64_000, reason: 'User Initiated' }));
  watched.onStackEvent(
    stackEvent(stack, {
      at: now - 61_000,
      logicalId: 'ListenerRule0A1B2C3D',
      resourceType: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      status: 'UPDATE_COMPLETE',
    }),
  );
  watched.onAlarm(
    alarm(stack, {
      arn: 'arn:service',
      logicalId: 'ServiceAlarm0A1B2C3D',
      description: 'callers get an error for 5 % of their requests or more, whatever slot answers',
    }),
  );
  watched.onAlarm(
    alarm(stack, {
      state: 'ALARM',
      since: now - 12_000,
      reason:
        'Threshold Crossed: 3 out of the last 3 datapoints [25.3, 24.1, 25.9] were greater than or equal to the threshold (5.0).',
    }),
  );
  for (let second = 123; second > 0; second -= 1) {
    showSecond(watched, stack, now - second * 1000, second > 60 ? 0 : 25);
  }
}

/** A second of 100 requests. */
export function showSecond(watched: WatchedAws, stack: string, at: number, greenShare: number): void {
  for (let each = 0; each < 100; each += 1) {
    // A fair mix, the same each time.
    const isGreen = (each * 37 + Math.floor(at / 1000) * 13) % 100 < greenShare;
    const isBad = isGreen && each % 4 === 0;
    const durationMs = 8 + ((each * 7) % 23) + (isGreen ? 6 : 0);
    watched.onRequest(request(stack, at + 500, isGreen ? 'green' : 'blue', { durationMs, ...(isBad ? { status: 500 } : {}) }));
  }
}
