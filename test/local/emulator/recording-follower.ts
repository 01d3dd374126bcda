import type { ChangeAnswer, DeployedResource, Follower, ResourceChange } from '../../../lib/local/emulator/follower';

type Answer = (change: ResourceChange) => ChangeAnswer | Promise<ChangeAnswer> | undefined;

/** A follower that writes down what it is told, and answers as a test says. */
export class RecordingFollower implements Follower {
  readonly changes: ResourceChange[] = [];

  /** What there is, by physical id: each as it was told last and not refused. */
  readonly resources = new Map<string, DeployedResource>();

  /** What it answers; to the rest it has nothing to say. */
  answer: Answer = () => undefined;

  async changed(change: ResourceChange): Promise<ChangeAnswer> {
    this.changes.push(change);
    const answer = (await this.answer(change)) ?? {};
    if (!answer.problem) {
      this.keep(change);
    }
    return answer;
  }

  /** The changes in order, such as `create Service`. */
  get told(): string[] {
    return this.changes.map(({ verb, resource }) => `${verb} ${resource.logicalId}`);
  }

  /** The last change of a resource. */
  lastOf(logicalId: string): ResourceChange | undefined {
    return this.changes.filter(({ resource }) => resource.logicalId === logicalId).at(-1);
  }

  /** Waits until it has been told of something. */
  async hasBeenTold(what: string): Promise<void> {
    while (!this.told.includes(what)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private keep({ verb, resource }: ResourceChange): void {
    if (verb === 'delete') {
      this.resources.delete(resource.physicalId);
    } else {
      this.resources.set(resource.physicalId, resource);
    }
  }
}
