import { App, aws_ec2 as ec2, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { NamedImage } from '../../lib/service/named-image';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import { resourcesOf } from '../app-template';

const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app';

function templateWith(blue: string, green: { readonly image: string; readonly active: boolean }) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  new BlueGreenService(stack, 'Shop', {
    cluster,
    trafficPlane: new LoadBalancerPlane(stack, 'Plane', { vpc: cluster.vpc, internetFacing: false }),
    serviceName: 'shop',
    slots: {
      blue: { weight: 1, image: new NamedImage(blue) },
      green: { weight: 0, active: green.active, image: new NamedImage(green.image) },
    },
  });
  const { template } = app.synth().getStackByName('Stack');
  const policy = resourcesOf(template, 'AWS::IAM::Policy').find(([id]) => id.startsWith('ShopExecutionRole'))?.[1].Properties;
  return { template, pulls: JSON.stringify(policy).match(/repository\/[a-z/]+/g) ?? [] };
}

test('the tasks may pull private images of both slots, whichever are active', () => {
  const green = `${repository}/next:2`;
  const off = templateWith(`${repository}:1`, { image: green, active: false });
  const on = templateWith(`${repository}:1`, { image: green, active: true });
  expect([...off.pulls].sort()).toEqual(['repository/team/app', 'repository/team/app/next']);
  expect([...on.pulls].sort()).toEqual([...off.pulls].sort());
});

test('a public image takes no grant', () => {
  expect(templateWith('example/shop:1.5.0', { image: 'public.ecr.aws/docker/library/nginx:1', active: true }).pulls).toEqual([]);
});

test.each(['', 'Upper/Case:1', 'a b', 'registry/repository:'])('%j is refused as the name of an image', (name) => {
  expect(() => new NamedImage(name)).toThrow(
    `image: got ${JSON.stringify(name)}, expected a container image such as registry/repository:tag`,
  );
});
