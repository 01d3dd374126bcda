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

test.each([
  ['IPv4', 'dkr.ecr.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['IPv4 with FIPS', 'dkr.ecr-fips.us-east-1.amazonaws.com', 'us-east-1'],
  ['IPv4 and IPv6', 'dkr-ecr.eu-west-1.on.aws', 'eu-west-1'],
  ['IPv4 and IPv6 with FIPS', 'dkr-ecr-fips.us-gov-west-1.on.aws', 'us-gov-west-1'],
  ['China', 'dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['China, IPv4 and IPv6', 'dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', 'cn-north-1'],
  ['the European Sovereign Cloud', 'dkr.ecr.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ['an isolated Region', 'dkr.ecr.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
  ['another isolated Region', 'dkr.ecr.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
  ['a port that changes nothing', 'dkr.ecr.eu-west-1.amazonaws.com:443', 'eu-west-1'],
])('the host of a private registry for %s is known, and the name of the image stays as it is', (_, host, region) => {
  const image = `123456789012.${host}/team/app:1`;
  const { template } = templateWith(image, { image: 'traefik/whoami:v1.11.0', active: true });
  expect(JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'))).toContain(
    `arn:",{"Ref":"AWS::Partition"},":ecr:${region}:123456789012:repository/team/app`,
  );
  const images = resourcesOf(template, 'AWS::ECS::TaskDefinition').map(
    ([, task]) => task.Properties.ContainerDefinitions[0].Image,
  );
  expect(images).toContain(image);
});

test.each([
  ['an account of 11 digits', '12345678901.dkr.ecr.eu-west-1.amazonaws.com/app'],
  ['a domain that only ends like one', '123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.org/app'],
  ['a domain with another sign for a dot', '123456789012.dkr.ecr.eu-west-1.amazonaws-com/app'],
  ['a directory and no host', 'app/123456789012.dkr.ecr.eu-west-1.amazonaws.com/app'],
])('%s is no private registry', (_, image) => {
  expect(templateWith(image, { image: 'traefik/whoami:v1.11.0', active: true }).pulls).toEqual([]);
});

test('a repository has its own grant when another account has one of the same name', () => {
  const other = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app';
  const { template } = templateWith(`${repository}:1`, { image: `${other}:2`, active: true });
  const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
  expect(policies).toContain(':ecr:eu-west-1:123456789012:repository/team/app');
  expect(policies).toContain(':ecr:eu-west-1:210987654321:repository/team/app');
});

test('a public image takes no grant', () => {
  expect(templateWith('example/shop:1.5.0', { image: 'public.ecr.aws/docker/library/nginx:1', active: true }).pulls).toEqual([]);
});

test.each(['', 'Upper/Case:1', 'a b', 'registry/repository:'])('%j is refused as the name of an image', (name) => {
  expect(() => new NamedImage(name)).toThrow(
    `image: got ${JSON.stringify(name)}, expected a container image such as registry/repository:tag`,
  );
});
