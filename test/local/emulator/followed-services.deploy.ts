import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { followedEmulator } from './followed-emulator';
import { service } from './followed-resources';
import type { Resources } from './stacks';

const taskOf = (image: string) => service({}, { Image: image }).Task as Resources[string];

const scaled = (MinCapacity: number): Resources => ({
  Scaling: {
    Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    Properties: {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: { 'Fn::Join': ['', ['service/cluster/', { 'Fn::GetAtt': ['Service', 'Name'] }]] },
      MinCapacity,
      MaxCapacity: 9,
    },
  },
});

describe('what a follower is told of ECS services', () => {
  const on = followedEmulator();

  const ecs = () => new ECSClient(on.emulator.client);
  const serviceName = () => on.follower.lastOf('Service')?.properties.ServiceName as string;
  const described = async () => {
    const { services: [found] = [] } = await ecs().send(
      new DescribeServicesCommand({ cluster: 'cluster', services: [serviceName()] }),
    );
    return found;
  };

  test('its name and its number of tasks, though the template says neither', async () => {
    await on.stacks.create('stack', service());
    expect(on.follower.lastOf('Service')).toMatchObject({
      type: 'AWS::ECS::Service',
      physicalId: expect.stringMatching(/:service\/cluster\/stack-Service-/),
      properties: {
        ServiceName: expect.stringMatching(/^stack-Service-/),
        DesiredCount: 1,
        TaskDefinition: on.follower.lastOf('Task')?.physicalId,
      },
    });
  });

  test('a number of tasks that the template says as text', async () => {
    await on.stacks.create('stack', service({ DesiredCount: '3' }));
    expect(on.follower.kept.Service).toMatchObject({ DesiredCount: 3 });
  });

  test('lists that an update does not speak of, as ECS keeps them', async () => {
    const registries = [{ RegistryArn: { 'Fn::GetAtt': ['Found', 'Arn'] } }];
    const world: Resources = {
      Namespace: { Type: 'AWS::ServiceDiscovery::HttpNamespace', Properties: { Name: 'local' } },
      Found: {
        Type: 'AWS::ServiceDiscovery::Service',
        Properties: { Name: 'found', NamespaceId: { 'Fn::GetAtt': ['Namespace', 'Id'] } },
      },
    };
    await on.stacks.create('stack', { ...world, ...service({ ServiceRegistries: registries }) });
    await on.stacks.update('stack', { ...world, ...service({ DesiredCount: 2 }) });
    expect(on.follower.told.at(-1)).toBe('update Service');
    expect(on.follower.kept.Service).toMatchObject({
      DesiredCount: 2,
      ServiceRegistries: [{ RegistryArn: expect.stringContaining(':service/') }],
    });
  });

  test('the values of the secrets of its containers', async () => {
    const secret = {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { Name: 'secret', SecretString: '{"key":"value","number":7}' },
    };
    const parameter = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/parameter', Type: 'String', Value: 'of parameter' } };
    const role = {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
        Policies: [
          {
            PolicyName: 'read',
            PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
          },
        ],
      },
    };
    const arn = { 'Fn::GetAtt': ['Secret', 'Id'] };
    const fieldOf = (behind: string) => ({ 'Fn::Join': ['', [arn, behind]] });
    const secrets = [
      { Name: 'WHOLE', ValueFrom: arn },
      { Name: 'FIELD', ValueFrom: fieldOf(':key::') },
      { Name: 'NUMBER', ValueFrom: fieldOf(':number::') },
      {
        Name: 'PARAMETER',
        ValueFrom: { 'Fn::Join': ['', ['arn:aws:ssm:us-east-1:123456789012:parameter', { Ref: 'Parameter' }]] },
      },
    ];
    const { failures } = await on.stacks.create('stack', {
      Secret: secret,
      Parameter: parameter,
      Role: role,
      ...service({}, { Secrets: secrets }, { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    });
    expect(failures).toEqual({});
    expect(on.follower.changes.at(-1)?.secrets).toEqual({
      app: { WHOLE: '{"key":"value","number":7}', FIELD: 'value', NUMBER: '7', PARAMETER: 'of parameter' },
    });
  });

  test('a new number of tasks by what scales them, for which nobody waits', async () => {
    await on.stacks.create('stack', { ...service(), ...scaled(1) });
    on.follower.waitAt('update Service');
    expect((await on.stacks.update('stack', { ...service(), ...scaled(3) })).status).toBe('UPDATE_COMPLETE');
    await on.follower.hasBeenTold('update Service');
    expect(on.follower.lastOf('Service')?.properties.DesiredCount).toBe(3);
  });

  test('what is changed by hand, and an update of the template leaves it', async () => {
    await on.stacks.create('stack', service());
    await ecs().send(
      new UpdateServiceCommand({ cluster: 'cluster', service: serviceName(), desiredCount: 4, forceNewDeployment: true }),
    );
    await on.follower.hasBeenTold('update Service');
    const ForceNewDeployment = { EnableForceNewDeployment: true, ForceNewDeploymentNonce: expect.stringMatching(/^\w{32}$/) };
    expect(on.follower.kept.Service).toMatchObject({ DesiredCount: 4, ForceNewDeployment });

    const nonce = on.follower.kept.Service?.ForceNewDeployment;
    await on.stacks.update('stack', service({ HealthCheckGracePeriodSeconds: 60 }));
    expect(on.follower.kept.Service).toMatchObject({
      DesiredCount: 4,
      HealthCheckGracePeriodSeconds: 60,
      ForceNewDeployment: nonce,
    });
  });

  test('an update that does not get stable: its reason is in the events of the stack, and the service is as it was', async () => {
    await on.stacks.create('stack', service({ DesiredCount: 1 }));
    on.follower.answer = ({ verb, resource }) =>
      verb === 'update' && resource.properties.DesiredCount === 2 ? { problem: 'circuit breaker was triggered' } : undefined;
    const { status, failures } = await on.stacks.update('stack', service({ DesiredCount: 2 }, { Image: 'app:2' }));
    expect({ status, failures }).toEqual({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: { Service: expect.stringContaining('circuit breaker was triggered') },
    });
    expect(on.follower.told.slice(2)).toEqual(['create Task', 'update Service', 'update Service', 'delete Task']);
    expect(on.follower.kept).toMatchObject({
      Task: { ContainerDefinitions: [{ Image: 'app' }, {}] },
      Service: { DesiredCount: 1, TaskDefinition: on.follower.changes[0]?.resource.physicalId },
    });
    expect(await described()).toMatchObject({ desiredCount: 1, taskDefinition: on.follower.changes[0]?.resource.physicalId });
  });

  test('its deletion, while it is still there with no task wanted', async () => {
    await on.stacks.create('stack', service());
    const goOn = on.follower.waitAt('delete Service');
    const deletion = on.stacks.delete('stack');
    await on.follower.hasBeenTold('delete Service');
    expect(on.follower.lastOf('Service')?.properties.DesiredCount).toBe(0);
    expect(await described()).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
    goOn({});
    expect((await deletion).status).toBe('DELETE_COMPLETE');
    expect(on.follower.kept).toEqual({});
  });

  test('a task definition and a new deployment by hand that do not get stable: the service goes on with those before', async () => {
    await on.stacks.create('stack', service({}, { Image: 'app:1' }));
    const [first] = on.follower.changes.map(({ resource }) => resource.physicalId);
    await on.stacks.update('stack', { ...service({}, { Image: 'app:2' }), Other: taskOf('app:3') });
    const { taskDefinition: second } = (await described()) ?? {};
    const other = on.follower.lastOf('Other')?.physicalId;
    expect(new Set([first, second, other]).size).toBe(3);

    on.follower.answer = ({ resource }) =>
      resource.properties.TaskDefinition === other ? { problem: 'circuit breaker' } : undefined;
    const change = (more: object) =>
      ecs().send(new UpdateServiceCommand({ cluster: 'cluster', service: serviceName(), ...more }));
    const told = on.follower.changes.length;
    await change({ taskDefinition: other, forceNewDeployment: true, desiredCount: 2 });
    while ((await described())?.taskDefinition !== second) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await change({ desiredCount: 3 });
    await on.follower.hasBeenTold('update Service', 3);
    expect(on.follower.changes.slice(told).map(({ resource }) => resource.properties.DesiredCount)).toEqual([2, 3]);
    expect(on.follower.kept.Service).toMatchObject({ TaskDefinition: second, DesiredCount: 3 });
    expect(on.follower.kept.Service).not.toHaveProperty('ForceNewDeployment');
  });

  const byHand: [string, { readonly send: (name: string) => Promise<unknown> }, string][] = [
    [
      'a service',
      { send: () => ecs().send(new CreateServiceCommand({ cluster: 'cluster', serviceName: 'mine', taskDefinition: 'task' })) },
      'CreateService: a service is made and deleted through CloudFormation here',
    ],
    [
      'the end of a service',
      { send: (name) => ecs().send(new DeleteServiceCommand({ cluster: 'cluster', service: name, force: true })) },
      'DeleteService: a service is made',
    ],
    [
      'a task',
      { send: () => ecs().send(new RunTaskCommand({ cluster: 'cluster', taskDefinition: 'task' })) },
      'RunTask: tasks are those of services here',
    ],
    [
      'the end of a task definition',
      { send: () => ecs().send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'task:1' })) },
      'DeregisterTaskDefinition: a task definition is deregistered through CloudFormation here',
    ],
    [
      'other subnets',
      { send: (name) => ecs().send(new UpdateServiceCommand({ cluster: 'cluster', service: name, networkConfiguration: {} })) },
      'UpdateService: got networkConfiguration, expected deploymentConfiguration, desiredCount, forceNewDeployment, healthCheckGracePeriodSeconds, taskDefinition; change the rest',
    ],
    [
      'a task definition of its own',
      {
        send: async (name) => {
          await ecs().send(
            new RegisterTaskDefinitionCommand({ family: 'task', containerDefinitions: [{ name: 'app', image: 'app' }] }),
          );
          await ecs().send(new UpdateServiceCommand({ cluster: 'cluster', service: name, taskDefinition: 'task' }));
        },
      },
      'UpdateService: got task definition task, expected one that a stack has made',
    ],
  ];

  test.each(byHand)('%s by hand is refused, and the service stays as it is', async (_, { send }, words) => {
    await on.stacks.create('stack', service());
    const before = await described();
    await expect(send(serviceName())).rejects.toThrow(words);
    expect(await described()).toEqual(before);
    expect((await on.stacks.update('stack', service({ DesiredCount: 2 }))).status).toBe('UPDATE_COMPLETE');
  });

  test('an update that is cancelled while it waits goes back, with what was changed before', async () => {
    // The other one is changed first.
    const of = (count: number): Resources => {
      const { Service, ...rest } = service({ DesiredCount: count }) as Record<'Service' | 'Task' | 'Cluster', Resources[string]>;
      return { ...rest, Other: Service, Service: { ...Service, DependsOn: 'Other' } };
    };
    await on.stacks.create('stack', of(1));
    const goOn = on.follower.waitAt('update Service');
    const update = on.stacks.update('stack', of(2));
    await on.follower.hasBeenTold('update Service');
    await on.stacks.cancelUpdate('stack');
    await on.follower.hasBeenTold('update Service', 2);
    goOn({});
    expect(await update).toEqual({
      refs: expect.anything(),
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: { Service: expect.stringContaining('Resource update cancelled') },
    });
    expect(on.follower.kept).toMatchObject({ Service: { DesiredCount: 1 }, Other: { DesiredCount: 1 } });
    expect((await on.stacks.update('stack', of(3))).status).toBe('UPDATE_COMPLETE');
  });

  test('a stack that is deleted while its creation waits for a service: nothing is left of it', async () => {
    on.follower.waitAt('create Service');
    const creation = on.stacks.create('stack', service()).catch(() => undefined);
    await on.follower.hasBeenTold('create Service');
    expect((await on.stacks.delete('stack')).status).toBe('DELETE_COMPLETE');
    await creation;
    expect(on.follower.told).toEqual(['create Task', 'create Service', 'delete Service', 'delete Task']);
    expect((await on.stacks.create('stack', { Task: taskOf('app') })).status).toBe('CREATE_COMPLETE');
  });

  test('a stack that is deleted while its update waits for a service, and so does the way back', async () => {
    await on.stacks.create('stack', service());
    on.follower.waitAt('update Service');
    const update = on.stacks.update('stack', service({ DesiredCount: 2 }, { Image: 'app:2' })).catch(() => undefined);
    await on.follower.hasBeenTold('update Service');
    await on.stacks.cancelUpdate('stack');
    await on.follower.hasBeenTold('update Service', 2);
    expect((await on.stacks.delete('stack')).status).toBe('DELETE_COMPLETE');
    await update;
    expect(on.follower.kept).toEqual({});
  });

  test('a service that is held back by a test is told of only afterwards', async () => {
    await on.emulator.intervene({ effect: 'hold', type: 'AWS::ECS::Service', verb: 'create' });
    const creation = on.stacks.create('stack', service());
    while ((await on.emulator.met()) === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(on.follower.told).toEqual(['create Task']);
    await on.emulator.release();
    expect((await creation).status).toBe('CREATE_COMPLETE');
    expect(on.follower.told).toEqual(['create Task', 'create Service']);
  });
});
