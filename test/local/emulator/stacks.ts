import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  type CloudFormationClientConfig,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';

/** Resources of a template, by logical id. */
export type Resources = Readonly<
  Record<
    string,
    {
      readonly Type: string;
      readonly Properties?: unknown;
      readonly DependsOn?: string | readonly string[];
      readonly DeletionPolicy?: string;
    }
  >
>;

/** Values that a stack tells, by name. */
export type Outputs = Readonly<Record<string, unknown>>;

/** How an operation on a stack ended. */
export interface StackResult {
  readonly status: string;

  /** What `Ref` gives for each resource. */
  readonly refs: Readonly<Record<string, string>>;

  /** Reasons of the resources that failed in this operation, by logical id. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Small stacks, deployed without the CDK. */
export class Stacks {
  readonly client: CloudFormationClient;

  constructor({ client }: { readonly client: CloudFormationClientConfig }) {
    this.client = new CloudFormationClient(client);
  }

  /** @param outputs beside what `Ref` gives for each resource */
  async create(name: string, resources: Resources, outputs: Outputs = {}): Promise<StackResult> {
    await this.client.send(new CreateStackCommand({ StackName: name, TemplateBody: template(resources, outputs) }));
    return this.result(name, 0);
  }

  async update(name: string, resources: Resources, outputs: Outputs = {}): Promise<StackResult> {
    const before = (await this.events(name)).length;
    await this.client.send(new UpdateStackCommand({ StackName: name, TemplateBody: template(resources, outputs) }));
    return this.result(name, before);
  }

  async delete(name: string): Promise<StackResult> {
    const { StackId: id = name } = await this.describe(name);
    const before = (await this.events(id)).length;
    await this.client.send(new DeleteStackCommand({ StackName: id }));
    return this.result(id, before);
  }

  /** Has an update that is under way go back. */
  async cancelUpdate(name: string): Promise<void> {
    await this.client.send(new CancelUpdateStackCommand({ StackName: name }));
  }

  /** Goes on with a rollback that has failed. */
  async continueRollback(name: string): Promise<StackResult> {
    const before = (await this.events(name)).length;
    await this.client.send(new ContinueUpdateRollbackCommand({ StackName: name }));
    return this.result(name, before);
  }

  /** The status of a stack, such as `UPDATE_ROLLBACK_COMPLETE`. */
  async status(name: string): Promise<string> {
    return (await this.describe(name)).StackStatus ?? '';
  }

  /** The outputs of a stack, by name. */
  async outputs(name: string): Promise<Readonly<Record<string, string>>> {
    const { Outputs = [] } = await this.describe(name);
    return Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  }

  /** What the API says of a stack. */
  async describe(name: string): Promise<Partial<Stack>> {
    const { Stacks: [stack] = [] } = await this.client.send(new DescribeStacksCommand({ StackName: name }));
    return stack ?? {};
  }

  /** Oldest first. */
  private async events(name: string) {
    const { StackEvents = [] } = await this.client.send(new DescribeStackEventsCommand({ StackName: name }));
    return StackEvents.reverse();
  }

  private async result(name: string, eventsBefore: number): Promise<StackResult> {
    for (;;) {
      const { StackStatus: status = '', Outputs = [] } = await this.describe(name);
      if (!status.endsWith('_IN_PROGRESS')) {
        const failed = (await this.events(name))
          .slice(eventsBefore)
          .filter(
            ({ ResourceStatus = '', ResourceType }) => /_FAILED$/.test(ResourceStatus) && !/::Stack$/.test(ResourceType ?? ''),
          );
        return {
          status,
          refs: Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
          failures: Object.fromEntries(failed.map((event) => [event.LogicalResourceId ?? '', event.ResourceStatusReason ?? ''])),
        };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function template(resources: Resources, outputs: Outputs): string {
  const refs = Object.keys(resources).map((id) => [id, { Value: { Ref: id } }]);
  const others = Object.entries(outputs).map(([name, value]) => [name, { Value: value }]);
  return JSON.stringify({ Resources: resources, Outputs: Object.fromEntries([...refs, ...others]) });
}
