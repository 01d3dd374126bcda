import type {
  AlarmState,
  ChangeAnswer,
  DeployedResource,
  Follower,
  ResourceChange,
  StackEvent,
} from '../../../lib/local/emulator/follower';

/** A follower that writes down what it is told, and answers as a test says. */
export class RecordingFollower implements Follower {
  readonly changes: ResourceChange[] = [];

  /** The tasks that it was told to stop, and why. */
  readonly stops: string[] = [];

  /** Alarms as it was told of them. */
  readonly alarms: AlarmState[] = [];

  /** The events of stacks that it was told of. */
  readonly stackEvents: StackEvent[] = [];

  /** What it answers; to the rest it has nothing to say. */
  answer: (change: ResourceChange) => ChangeAnswer | undefined = () => undefined;

  private readonly resources = new Map<string, DeployedResource>();
  private readonly waiting = new Map<string, Promise<ChangeAnswer>>();

  async changed(change: ResourceChange): Promise<ChangeAnswer> {
    this.changes.push(change);
    const answer = (await this.waiting.get(nameOf(change))) ?? this.answer(change) ?? {};
    if (!answer.problem) {
      this.keep(change);
    }
    return answer;
  }

  stopTask(task: string, reason: string): void {
    this.stops.push(`${task}: ${reason}`);
  }

  alarm(alarm: AlarmState): void {
    this.alarms.push(alarm);
  }

  stackEvent(event: StackEvent): void {
    this.stackEvents.push(event);
  }

  /** The changes in order, such as `create Service`. */
  get told(): string[] {
    return this.changes.map(nameOf);
  }

  /** The properties of what there is, by logical id: as they were told last and not refused. */
  get kept(): Readonly<Record<string, DeployedResource['properties']>> {
    return Object.fromEntries([...this.resources.values()].map(({ logicalId, properties }) => [logicalId, properties]));
  }

  /** A resource as it was told last. */
  lastOf(logicalId: string): DeployedResource | undefined {
    return this.changes.filter(({ resource }) => resource.logicalId === logicalId).at(-1)?.resource;
  }

  /** Waits until it has been told of something so many times. */
  async hasBeenTold(what: string, times = 1): Promise<void> {
    while (this.told.filter((told) => told === what).length < times) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /**
   * Has a change wait, such as `create Service`.
   *
   * @returns lets it go on, with an answer
   */
  waitAt(what: string): (answer: ChangeAnswer) => void {
    let goOn: (answer: ChangeAnswer) => void = () => {};
    this.waiting.set(
      what,
      new Promise((resolve) => {
        goOn = resolve;
      }),
    );
    return goOn;
  }

  private keep({ verb, resource }: ResourceChange): void {
    if (verb === 'delete') {
      this.resources.delete(resource.physicalId);
    } else {
      this.resources.set(resource.physicalId, resource);
    }
  }
}

function nameOf({ verb, resource }: ResourceChange): string {
  return `${verb} ${resource.logicalId}`;
}
