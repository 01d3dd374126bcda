// Services whose tasks are real processes, and a registrar in the place of the traffic planes.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AppContainer } from '../../../lib/local/ecs/app-container';
import { circuitBreakerOf } from '../../../lib/local/ecs/circuit-breaker';
import { EcsService, type EcsServiceOptions } from '../../../lib/local/ecs/ecs-service';
import type { RegisteredTask, Registrar } from '../../../lib/local/ecs/registrar';
import type { ServiceDefinition } from '../../../lib/local/ecs/service-definition';
import type { ServiceState, TargetHealth } from '../../../lib/local/emulator/follower';
import { processTable, type RunningProcess } from '../../../lib/local/tasks/process-table';

const apps = join(__dirname, 'apps');

/** The shell command of an app in the folder `apps`. */
export const commandOf = (app: string) => `exec node ${join(apps, `${app}.js`)}`;

/** A registrar that notes what it is told. */
export class NotedRegistrar implements Registrar {
  readonly registered = new Map<RegisteredTask, (health: TargetHealth) => void>();

  /** What it was told, in order. */
  readonly notes: string[] = [];

  /** What a new task is. */
  health: TargetHealth = 'healthy';

  /** Until when a task drains. */
  drains: (task: RegisteredTask) => Promise<void> = async () => {};

  async register(task: RegisteredTask, onHealth: (health: TargetHealth) => void): Promise<void> {
    this.notes.push('register');
    this.registered.set(task, onHealth);
    onHealth(this.health);
  }

  async deregister(task: RegisteredTask): Promise<void> {
    this.notes.push('deregister');
    this.registered.delete(task);
  }

  async drained(task: RegisteredTask): Promise<void> {
    await this.drains(task);
    this.notes.push('drained');
  }
}

/** The container of an app in the folder `apps`. */
export function containerOf(app: string, more: Partial<AppContainer> = {}): AppContainer {
  return {
    name: 'app',
    image: app,
    environment: {},
    secrets: {},
    ports: [8080],
    healthCheck: undefined,
    stopTimeoutSeconds: 5,
    ...more,
  };
}

/** A service of one task of an app in the folder `apps`. */
export function definitionOf(app: string, more: Partial<ServiceDefinition> = {}): ServiceDefinition {
  return {
    name: 'shop',
    arn: 'arn:aws:ecs:us-east-1:123456789012:service/shops/shop',
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: circuitBreakerOf(undefined),
    healthCheckGracePeriodSeconds: 0,
    taskDefinition: `arn:aws:ecs:us-east-1:123456789012:task-definition/${app}:1`,
    app: containerOf(app),
    slotName: undefined,
    targetGroups: [],
    tasksAreFrom: app,
    ...more,
  };
}

/** A service, and all states that it told of. */
export class TrialService {
  readonly registrar = new NotedRegistrar();
  readonly states: ServiceState[] = [];
  readonly service: EcsService;

  /** In the environment of all that it starts. */
  private readonly mark = randomUUID();

  constructor(definition: ServiceDefinition, more: Partial<EcsServiceOptions> = {}) {
    const names = ['answering', 'deaf', 'exiting', 'sick', 'silent'];
    this.service = new EcsService(definition, {
      registrar: this.registrar,
      commands: {
        byImage: new Map(names.map((name) => [name, commandOf(name)])),
        bySlot: {},
        demo: ['node', join(apps, 'answering.js')],
      },
      environment: { TRIAL: this.mark },
      onState: (state) => this.states.push(state),
      restartPauses: { firstMs: 10, longestMs: 100 },
      ...more,
    });
  }

  /** Its processes that have not ended. */
  async running(): Promise<readonly RunningProcess[]> {
    return (await processTable().list(`TRIAL=${this.mark}`)).filter(({ marked }) => marked);
  }

  get state(): ServiceState {
    return this.service.state;
  }

  /** Local ports of the tasks that are not to go. */
  get ports(): readonly number[] {
    return this.state.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').map(({ ports }) => ports[8080] ?? 0);
  }

  /** What happened, the oldest first, without names of tasks. */
  get events(): readonly string[] {
    return this.state.events
      .map(({ message }) =>
        message
          .replace(/ ?\((service|task|deployment) [^)]*\)/g, '')
          .replace(/ecs-svc\/\d+/, 'ID')
          .trim(),
      )
      .reverse();
  }
}
