import { slotNames } from '../../release/slots';
import { appContainerOf } from '../ecs/app-container';
import { textOf } from '../ecs/values';
import type { DeployedResource, ResourceChange, ServiceState, StackEvent, TaskState } from '../emulator/follower';
import { slotNameOf } from '../template/slot-name';
import { readableName, readableSentence } from './readable-names';
import type { ServiceView, TaskView } from './view';

const serviceType = 'AWS::ECS::Service';
const taskDefinitionType = 'AWS::ECS::TaskDefinition';

/** So many tasks of a service are shown, and so many that have stopped; the others are counted. */
const shownTasks = 30;
const shownStopped = 5;

/** Task definitions of tasks that stopped a while ago are known too. */
const keptTaskDefinitions = 200;

/** What a task definition says of the container that runs here. */
interface TaskDefinition {
  readonly image: string;
  readonly slot: string;
  readonly runsHere: boolean;
}

/** An ECS service with the stack that it belongs to. */
export interface StackService {
  readonly stack: string;
  readonly view: ServiceView;
}

/** The ECS services that are there, with their tasks. */
export class WatchedServices {
  private readonly definitions = new Map<string, DeployedResource>();
  private readonly taskDefinitions = new Map<string, TaskDefinition>();
  private readonly states = new Map<string, ServiceState>();

  /** ARNs of those that are being made. Those that never are go when their stack is at rest. */
  private readonly begun = new Set<string>();

  /** Takes what a change begins with. */
  begins({ verb, resource }: ResourceChange): void {
    if (verb === 'delete') {
      return;
    }
    if (resource.type === serviceType) {
      this.definitions.set(resource.physicalId, resource);
      if (verb === 'create') {
        this.begun.add(resource.physicalId);
      }
    } else if (resource.type === taskDefinitionType) {
      const app = appContainerOf(resource);
      this.taskDefinitions.delete(resource.physicalId);
      this.taskDefinitions.set(resource.physicalId, {
        image: app?.image ?? '',
        slot: app?.environment.SLOT ?? '',
        runsHere: app !== undefined,
      });
      for (const oldest of [...this.taskDefinitions.keys()].slice(0, -keptTaskDefinitions)) {
        this.taskDefinitions.delete(oldest);
      }
    }
  }

  /** Takes a change that is in force. */
  done({ verb, resource }: ResourceChange): void {
    if (resource.type === serviceType) {
      if (verb === 'delete') {
        this.forget(resource.physicalId);
      } else {
        this.begun.delete(resource.physicalId);
      }
    }
  }

  /** Takes what ECS says of a service. The last tasks of one that is gone are nobody's any more. */
  take(state: ServiceState): void {
    if (this.definitions.has(state.service)) {
      this.states.set(state.service, state);
    }
  }

  /** Lets those go that a stack could not make, when it is at rest. */
  event({ stack, logicalId, status }: StackEvent): void {
    if (logicalId !== stack || status.endsWith('_IN_PROGRESS')) {
      return;
    }
    const concerned = [...this.definitions.values()].filter((each) => each.stack === stack);
    for (const { physicalId } of concerned.filter((each) => status === 'DELETE_COMPLETE' || this.begun.has(each.physicalId))) {
      this.forget(physicalId);
    }
  }

  /** All of them, the slots first in their order. */
  get all(): readonly StackService[] {
    return [...this.definitions.values()]
      .map((definition) => ({ stack: definition.stack, view: this.view(definition) }))
      .sort((a, b) => a.view.colour - b.view.colour || a.view.name.localeCompare(b.view.name));
  }

  private forget(arn: string): void {
    this.definitions.delete(arn);
    this.states.delete(arn);
    this.begun.delete(arn);
  }

  private view(definition: DeployedResource): ServiceView {
    const { physicalId: arn, logicalId, properties } = definition;
    const { deployments = [], tasks = [], events = [] } = this.states.get(arn) ?? {};
    const [primary] = deployments;
    const { slot = '', runsHere = true } = this.taskDefinitionOf(definition) ?? {};
    const inOrder = [...tasks].sort(byAge);
    const shown = [
      ...inOrder.filter((task) => !isStopped(task)).slice(0, shownTasks),
      ...inOrder.filter(isStopped).slice(0, shownStopped),
    ];
    return {
      arn,
      name: readableName(logicalId),
      slot,
      colour: this.colourOf(definition),
      desired: primary?.desiredCount ?? Number(properties.DesiredCount ?? 0),
      running: deployments.reduce((sum, { runningCount }) => sum + runningCount, 0),
      runsHere,
      rollout: primary?.rolloutState ?? 'IN_PROGRESS',
      // Whose it is, is clear here.
      message: readableSentence(events[0]?.message ?? '').replace(/^\(service [^)]*\) /, ''),
      tasks: shown.map((task) => this.taskView(task)),
      more: tasks.length - shown.length,
    };
  }

  private taskView(task: TaskState): TaskView {
    const { id, lastStatus, healthStatus, taskDefinition, exitCode, stoppedReason } = task;
    const code = exitCode === undefined ? '' : `exit code ${exitCode}`;
    return {
      id,
      status: lastStatus,
      health: healthStatus,
      image: this.taskDefinitions.get(taskDefinition)?.image ?? '',
      since: sinceOf(task),
      reason: [stoppedReason ?? '', code].filter((part) => part !== '').join(', '),
    };
  }

  // The slots have the first colours, in their order.
  private colourOf(definition: DeployedResource): number {
    const name = slotNameOf(definition.logicalId, this.taskDefinitionOf(definition)?.slot);
    return name === undefined ? slotNames.length : slotNames.indexOf(name);
  }

  private taskDefinitionOf({ properties }: DeployedResource): TaskDefinition | undefined {
    return this.taskDefinitions.get(textOf(properties.TaskDefinition) ?? '');
  }
}

// The oldest first; of those that have stopped the newest.
function byAge(a: TaskState, b: TaskState): number {
  const age = isStopped(a) && isStopped(b) ? sinceOf(b) - sinceOf(a) : a.createdAt - b.createdAt;
  return age || a.id.localeCompare(b.id);
}

function isStopped({ lastStatus }: TaskState): boolean {
  return lastStatus === 'STOPPED';
}

function sinceOf({
  lastStatus,
  createdAt,
  startedAt = createdAt,
  stoppingAt = startedAt,
  stoppedAt = stoppingAt,
}: TaskState): number {
  const since = { PENDING: createdAt, RUNNING: startedAt, DEACTIVATING: stoppingAt, STOPPING: stoppingAt, STOPPED: stoppedAt };
  return since[lastStatus];
}
