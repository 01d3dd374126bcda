import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { until } from '../../until';
import { followedEmulator } from './followed-emulator';
import { service } from './followed-resources';

const roleOf = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

/** A template as a person writes it: what it says is one thing, how it is written another. */
const written = (cidr: string) =>
  `{ "Description": "a <b> & \\"c\\" é ☃",\n\t"Resources" :{"Vpc":{"Type":"AWS::EC2::VPC",  "Properties":{"CidrBlock":"${cidr}"}}}}\n`;

describe('what CloudFormation and ECS say of what was handed over', () => {
  const on = followedEmulator();

  const client = () => new CloudFormationClient(on.emulator.client);
  const template = async () =>
    (await client().send(new GetTemplateCommand({ StackName: 'stack', TemplateStage: 'Original' }))).TemplateBody;
  const described = async () => (await client().send(new DescribeStacksCommand({ StackName: 'stack' }))).Stacks?.[0];
  const done = () => until(async () => !/_IN_PROGRESS$/.test((await described())?.StackStatus ?? ''));

  test('the role: that of the last operation which named one', async () => {
    const TemplateBody = written('10.0.0.0/16');
    await client().send(new CreateStackCommand({ StackName: 'stack', TemplateBody }));
    await done();
    expect((await described())?.RoleARN).toBeUndefined();
    await client().send(
      new UpdateStackCommand({ StackName: 'stack', TemplateBody: written('10.1.0.0/16'), RoleARN: roleOf('one') }),
    );
    await done();
    expect((await described())?.RoleARN).toBe(roleOf('one'));
    await client().send(new UpdateStackCommand({ StackName: 'stack', TemplateBody }));
    await done();
    expect((await described())?.RoleARN).toBe(roleOf('one'));
    const names = { StackName: 'stack', ChangeSetName: 'changes' };
    await client().send(new CreateChangeSetCommand({ ...names, TemplateBody: written('10.2.0.0/16'), RoleARN: roleOf('two') }));
    expect((await described())?.RoleARN).toBe(roleOf('one'));
    await client().send(new ExecuteChangeSetCommand(names));
    await done();
    expect((await described())?.RoleARN).toBe(roleOf('two'));
  });

  test('the template, byte for byte: that of the last deploy that was not rolled back', async () => {
    const TemplateBody = written('10.0.0.0/16');
    await client().send(new CreateStackCommand({ StackName: 'stack', TemplateBody }));
    await done();
    expect(await template()).toBe(TemplateBody);
    await on.emulator.intervene({ effect: 'fail', type: 'AWS::EC2::SecurityGroup', verb: 'create' });
    const { Resources } = JSON.parse(TemplateBody);
    const group = { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'group' } };
    const failing = JSON.stringify({ Resources: { ...Resources, Group: group } });
    await client().send(new UpdateStackCommand({ StackName: 'stack', TemplateBody: failing }));
    await done();
    expect((await described())?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await template()).toBe(TemplateBody);
  });

  test('when a service was made: to the millisecond, and the same after an update', async () => {
    const createdAt = async () => {
      const { services: [found] = [] } = await new ECSClient(on.emulator.client).send(
        new DescribeServicesCommand({ cluster: 'cluster', services: [on.follower.lastOf('Service')?.physicalId as string] }),
      );
      return found?.createdAt?.getTime() as number;
    };
    const before = Date.now();
    await on.stacks.create('stack', service());
    const made = await createdAt();
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now());
    await on.stacks.update('stack', service({}, { Image: 'app:2' }));
    expect(await createdAt()).toBe(made);
  });
});
