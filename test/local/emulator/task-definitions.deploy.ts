import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  type ListTaskDefinitionsCommandInput,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs';
import { emulatorOfBlock } from './emulator-of-block';

describe('task definitions', () => {
  const on = emulatorOfBlock();
  const client = () => new ECSClient(on.emulator.client);

  const list = async (input: ListTaskDefinitionsCommandInput) => {
    const { taskDefinitionArns = [] } = await client().send(new ListTaskDefinitionsCommand(input));
    return taskDefinitionArns.map((arn) => arn.split('/').at(-1));
  };

  const task = (Family: string, Image: string) => ({
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      Family,
      Cpu: '256',
      Memory: '512',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      ContainerDefinitions: [
        { Name: 'proxy', Image: 'proxy' },
        { Name: 'app', Image },
      ],
    },
  });

  beforeAll(async () => {
    const other = { Other: task('shop-green-canary', 'shop:7') };
    await on.stacks.create('other', other);
    for (let version = 1; version <= 11; version += 1) {
      const resources = { Green: task('shop-green', `shop:${version}`) };
      const change = version === 1 ? on.stacks.create('shop', resources) : on.stacks.update('shop', resources);
      expect((await change).failures).toEqual({});
    }
  });

  test('are listed by the whole name of their family, and those in use only', async () => {
    expect(await list({ familyPrefix: 'shop-green' })).toEqual(['shop-green:11']);
    expect(await list({ familyPrefix: 'shop' })).toEqual([]);
    expect(await list({})).toEqual(['shop-green:11', 'shop-green-canary:1']);
  });

  test('stay there when they are taken away, the newest one first where that is asked for', async () => {
    const inactive = { familyPrefix: 'shop-green', status: 'INACTIVE' } as const;
    expect(await list({ ...inactive, sort: 'DESC', maxResults: 2 })).toEqual(['shop-green:10', 'shop-green:9']);
    expect((await list(inactive)).slice(0, 2)).toEqual(['shop-green:1', 'shop-green:2']);
    const arns: string[] = [];
    for await (const page of paginateListTaskDefinitions({ client: client(), pageSize: 4 }, inactive)) {
      arns.push(...(page.taskDefinitionArns ?? []));
    }
    expect(arns).toHaveLength(10);
  });

  test.each([
    ['shop-green:11', 'ACTIVE', 'shop:11'],
    ['shop-green:4', 'INACTIVE', 'shop:4'],
  ])('%s is %s, and says of which images it is', async (taskDefinition, status, image) => {
    const { taskDefinition: found } = await client().send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    expect([found?.status, found?.containerDefinitions?.map((each) => [each.name, each.image])]).toEqual([
      status,
      [
        ['proxy', 'proxy'],
        ['app', image],
      ],
    ]);
  });
});
