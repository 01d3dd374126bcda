import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type DeploymentMode,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { Emulator } from '../../../lib/local/emulator/emulator';
import { type Resources, Stacks } from './stacks';
import { bodyOf } from './watched-stack';

let made = 0;

/** A change set for a stack that is there. */
export class ChangeSet {
  private readonly cloudFormation: CloudFormationClient;
  private readonly names: { readonly StackName: string; readonly ChangeSetName: string };

  constructor(
    private readonly emulator: Emulator,
    stack: string,
    private readonly mode?: DeploymentMode,
  ) {
    made += 1;
    this.cloudFormation = new CloudFormationClient(emulator.client);
    this.names = { StackName: stack, ChangeSetName: `change-set-${made}` };
  }

  /** What it would do, such as `Modify Rule: MODIFIED`, with the drift of the stack and of each resource where it looks at it. */
  async create(resources: Resources) {
    await this.cloudFormation.send(
      new CreateChangeSetCommand({ ...this.names, DeploymentMode: this.mode, TemplateBody: bodyOf(resources) }),
    );
    const change = await this.cloudFormation.send(new DescribeChangeSetCommand(this.names));
    expect(change.DeploymentMode).toBe(this.mode);
    return {
      status: [change.Status, change.StatusReason].filter(Boolean).join(': '),
      drift: change.StackDriftStatus,
      changes: (change.Changes ?? []).map(({ ResourceChange: { Action, LogicalResourceId, ResourceDriftStatus } = {} }) =>
        [`${Action} ${LogicalResourceId}`, ResourceDriftStatus].filter(Boolean).join(': '),
      ),
    };
  }

  /** How it ended, and the events of resources, oldest first. */
  async execute() {
    const stacks = new Stacks(this.emulator);
    const before = (await this.events()).length;
    await this.cloudFormation.send(new ExecuteChangeSetCommand(this.names));
    while ((await stacks.status(this.names.StackName)).endsWith('_IN_PROGRESS')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { status: await stacks.status(this.names.StackName), events: (await this.events()).slice(before) };
  }

  private async events(): Promise<readonly string[]> {
    const { StackEvents = [] } = await this.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: this.names.StackName }),
    );
    return StackEvents.reverse().flatMap(({ LogicalResourceId, ResourceStatus }) =>
      LogicalResourceId === this.names.StackName ? [] : [`${LogicalResourceId} ${ResourceStatus}`],
    );
  }
}
