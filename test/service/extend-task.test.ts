import {
  App,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_efs as efs,
  aws_logs as logs,
  Stack,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-service-props';
import { AppMeshPlane } from '../../lib/traffic/app-mesh-plane';
import { resourcesOf, type TemplateJson } from '../app-template';

const image = ecs.ContainerImage.fromRegistry('example/shop:1');

function shop(
  active: readonly string[],
  extendTask: (stack: Stack, cluster: ecs.ICluster) => BlueGreenServiceProps['extendTask'],
) {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  const service = new BlueGreenService(stack, 'Shop', {
    cluster,
    trafficPlane: new AppMeshPlane(stack, 'Plane', {
      namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc: cluster.vpc }),
    }),
    serviceName: 'shop',
    slots: {
      blue: { active: active.includes('blue'), weight: 1, image },
      green: { active: active.includes('green'), weight: 1, image },
    },
    extendTask: extendTask(stack, cluster),
  });
  const template: TemplateJson = (stack.node.root as App).synth().getStackByName('Stack').template;
  return { service, template };
}

test.each([[['blue']], [['green']], [['blue', 'green']]])(
  'with %j active it is told of each, when the containers are there and the ECS service is not',
  (active) => {
    const told: unknown[] = [];
    shop(active, () => (task, slot) => {
      const scope = task.node.scope;
      told.push([slot, task.family, ['app', 'envoy', 'xray'].map((name) => task.findContainer(name)?.containerName)]);
      expect(scope?.node.tryFindChild('Service')).toBeUndefined();
    });
    expect(told).toEqual(active.map((slot) => [slot, `shop-${slot}`, ['app', 'envoy', 'xray']]));
  },
);

test('a sidecar and a volume reach the tasks of both slots, and a container that the ECS service is reached by stays the first', () => {
  const { template } = shop(['blue', 'green'], (stack, { vpc }) => {
    const fileSystem = new efs.FileSystem(stack, 'Files', { vpc });
    const logGroup = new logs.LogGroup(stack, 'AgentLogs');
    return (task) => {
      task.addVolume({ name: 'files', efsVolumeConfiguration: { fileSystemId: fileSystem.fileSystemId } });
      task.defaultContainer?.addMountPoints({ containerPath: '/files', sourceVolume: 'files', readOnly: false });
      task.addContainer('agent', {
        image: ecs.ContainerImage.fromRegistry('agent:1'),
        logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: 'agent' }),
      });
    };
  });
  const tasks = resourcesOf(template, 'AWS::ECS::TaskDefinition').map(([, { Properties }]) => Properties);
  expect(tasks.map(({ Volumes }) => Volumes[0].Name)).toEqual(['files', 'files']);
  for (const { ContainerDefinitions } of tasks) {
    expect(ContainerDefinitions.map(({ Name }: { Name: string }) => Name)).toEqual(['app', 'envoy', 'xray', 'agent']);
    expect(ContainerDefinitions[0].MountPoints).toEqual([{ ContainerPath: '/files', SourceVolume: 'files', ReadOnly: false }]);
  }
});

test('the same container in each slot gives one role by which ECS starts the tasks, whichever slots are active', () => {
  const roles = [['blue'], ['green'], ['blue', 'green']].map((active) => {
    const { template } = shop(active, (stack) => {
      const logGroup = new logs.LogGroup(stack, 'AgentLogs');
      return (task, slot) => {
        task.addContainer('agent', {
          image: ecs.ContainerImage.fromRegistry('agent:1'),
          logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: slot }),
        });
      };
    });
    return Object.entries(template.Resources).filter(([id]) => id.startsWith('ShopExecutionRole'));
  });
  expect(roles[0]).toHaveLength(2);
  expect(roles[1]).toEqual(roles[0]);
  expect(roles[2]).toEqual(roles[0]);
});
