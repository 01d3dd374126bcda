import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { Stacks } from '../local/emulator/stacks';
import type { Context } from './cdk';
import { slotServices } from './planes';
import { Stage } from './stage';

describe('secrets and container options', () => {
  let stage: Stage;
  let stacks: Stacks;

  beforeAll(async () => {
    stage = await Stage.open({ isSynthesizedHere: true });
    stacks = new Stacks(stage.emulator);
    await stacks.create('secrets', {
      Db: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'shop/db', SecretString: '{"word": "first"}' } },
      Key: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shop/key', Type: 'String', Value: 'key' } },
    });
  });

  afterAll(() => stage?.close());

  const settings: Context = {
    trafficPlane: 'load-balancer',
    appSecrets: 'DB=shop/db:word,KEY=/shop/key',
    greenAppSecrets: 'DB=shop/new-db:word,KEY=/shop/key',
    greenAppUser: '1000',
    greenCpuArchitecture: 'ARM64',
  };
  const blueOnly: Context = { ...settings, blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };
  const greenAt0: Context = { ...blueOnly, greenActive: true };

  const services = async () => {
    const ecs = new ECSClient(stage.emulator.client);
    return Promise.all(
      (await slotServices(stage.emulator, 'sample')).map(async (service) => {
        const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }));
        return { ...service, task: taskDefinition };
      }),
    );
  };

  test('a slot whose secret is not there does not join, and leaves the other one as it is', async () => {
    await stage.deploy(blueOnly);
    const { code, output, changes } = await stage.tryDeploy(greenAt0);
    expect(code).toBe(1);
    expect(output).toMatch(/Circuit Breaker was triggered.*shop\/new-db does not exist/);
    expect(changes.filter(({ path }) => /^App\/(Blue|ExecutionRole)/.test(path))).toEqual([]);
    expect((await services()).map(({ task }) => task?.family)).toEqual(['sample-blue']);
  });

  test('once the secret is there it joins, and the role of both slots is not touched', async () => {
    await stacks.create('new-secret', {
      Db: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'shop/new-db', SecretString: '{"word": "second"}' } },
    });
    const { changes } = await stage.deploy(greenAt0);
    expect(changes.filter(({ path }) => /^App\/(Blue|ExecutionRole)/.test(path))).toEqual([]);
    const green = (await services()).find(({ task }) => task?.family === 'sample-green')?.task;
    expect(green?.runtimePlatform).toEqual({ cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' });
    expect(green?.containerDefinitions?.[0]).toMatchObject({ user: '1000', stopTimeout: 30, readonlyRootFilesystem: false });
    expect(green?.containerDefinitions?.[0]?.secrets?.map(({ name }) => name)).toEqual(['DB', 'KEY']);
  });

  test('a slot with requests gets no other share on Spot, and is left as it is', async () => {
    const { code, output, changes } = await stage.tryDeploy({ ...greenAt0, spotPercent: 50 });
    expect(code).toBe(1);
    expect(output).toMatch(/blueSpotPercent: got "FARGATE 50, FARGATE_SPOT 50", expected "FARGATE 1"/);
    expect(changes.filter(({ path }) => /Service$/.test(path))).toEqual([]);
  });

  test('Spot for a slot without requests, and a way into the containers, come and go on a live stack', async () => {
    const { changes } = await stage.deploy({ ...greenAt0, greenSpotPercent: 50, exec: true });
    expect(changes.filter(({ verb }) => verb === 'replace' || verb === 'delete')).toEqual([]);
    expect(
      changes
        .map(({ path }) => path)
        .filter((path) => /Service$/.test(path))
        .sort(),
    ).toEqual(['App/Blue/Service/Service', 'App/Green/Service/Service']);
    const shares = Object.fromEntries(
      (await services()).map(({ task, capacityProviderStrategy }) => [
        task?.family,
        capacityProviderStrategy?.map(({ capacityProvider, weight }) => [capacityProvider, weight]),
      ]),
    );
    expect(shares).toEqual({
      'sample-blue': [['FARGATE', 1]],
      'sample-green': [
        ['FARGATE', 50],
        ['FARGATE_SPOT', 50],
      ],
    });
    expect((await services()).map(({ enableExecuteCommand }) => enableExecuteCommand)).toEqual([true, true]);
    await stage.deploy(greenAt0);
    expect((await services()).map(({ enableExecuteCommand }) => enableExecuteCommand)).toEqual([false, false]);
  });

  test('another share on Spot starts the tasks of the slot anew, so that they need their secrets again', async () => {
    await stacks.delete('new-secret');
    const { code, output } = await stage.tryDeploy({ ...greenAt0, greenSpotPercent: 100 });
    expect(code).toBe(1);
    expect(output).toMatch(/Circuit Breaker was triggered.*shop\/new-db does not exist/);
  });
});
