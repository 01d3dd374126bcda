import { App, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, Stack } from 'aws-cdk-lib';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-service-props';
import { ListenerPlane, type ListenerPlaneProps } from '../../lib/traffic/listener-plane';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import { resourcesOf, type TemplateJson } from '../app-template';

const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');
const arnOf = (what: string, name = 'shared') =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:${what}/app/${name}/0123456789abcdef${what === 'listener' ? '/0123456789abcdef' : ''}`;

interface Case {
  readonly name?: string;
  readonly port?: number;
  readonly plane?: Partial<ListenerPlaneProps>;
  readonly services?: readonly Partial<BlueGreenServiceProps>[];
  readonly vpcOfBalancer?: (stack: Stack) => ec2.IVpc;
}

function defined({ name, port = 443, plane, services = [{ domainName: 'shop.example.com' }], vpcOfBalancer }: Case = {}) {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-1'],
    privateSubnetRouteTableIds: ['rtb-1'],
  });
  const loadBalancer = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Shared', {
    loadBalancerArn: arnOf('loadbalancer', name),
    loadBalancerDnsName: 'shared.eu-west-1.elb.amazonaws.com',
    loadBalancerCanonicalHostedZoneId: 'Z32O12XQLNTSW2',
    securityGroupId: 'sg-0123456789abcdef0',
    vpc: vpcOfBalancer?.(stack),
  });
  const listener = elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: arnOf('listener', name),
    securityGroup: loadBalancer.connections.securityGroups[0] as ec2.ISecurityGroup,
    defaultPort: port,
  });
  const trafficPlane = new ListenerPlane(stack, 'Plane', { listener, loadBalancer, ...plane });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
  const made = services.map(
    (props, index) =>
      new BlueGreenService(stack, `Service${index}`, {
        cluster,
        trafficPlane,
        serviceName: `service-${index}`,
        slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
        ...props,
      }),
  );
  return { app, stack, trafficPlane, services: made };
}

function templateOf(made: Case = {}): TemplateJson {
  const { app } = defined(made);
  return app.synth().getStackByName('Stack').template;
}

const rulesOf = (template: TemplateJson) =>
  resourcesOf(template, 'AWS::ElasticLoadBalancingV2::ListenerRule').map(([, { Properties }]) => Properties);

test('no load balancer is made: all rules stand in the listener, for the name of the service', () => {
  const template = templateOf();
  expect(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([]);
  expect(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener')).toEqual([]);
  const rules = rulesOf(template);
  expect(rules).toHaveLength(3);
  for (const { ListenerArn, Conditions } of rules) {
    expect(ListenerArn).toBe(arnOf('listener'));
    expect(Conditions).toContainEqual({ Field: 'host-header', HostHeaderConfig: { Values: ['shop.example.com'] } });
  }
});

test('the tasks admit the load balancer, once', () => {
  const rules = resourcesOf(templateOf(), 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => Properties);
  expect(rules).toEqual([expect.objectContaining({ FromPort: 8080, SourceSecurityGroupId: 'sg-0123456789abcdef0' })]);
});

test.each<[string, Case, string]>([
  ['the name of the service', {}, 'https://shop.example.com/'],
  ['its path', { services: [{ pathPrefix: '/shop' }] }, 'https://shared.eu-west-1.elb.amazonaws.com/shop'],
  ['HTTP on 80', { port: 80 }, 'http://shop.example.com/'],
  ['HTTP on another port', { port: 8080 }, 'http://shop.example.com:8080/'],
  ['HTTPS on 8443', { port: 8443 }, 'https://shop.example.com:8443/'],
  ['what is said', { port: 8080, plane: { protocol: elbv2.ApplicationProtocol.HTTPS } }, 'https://shop.example.com:8080/'],
])('the url has %s', (_, made, url) => {
  expect(defined(made).services[0]?.url).toBe(url);
});

test.each<[string, Partial<ListenerPlaneProps>, readonly string[]]>([
  ['the range of the VPC', {}, ['10.0.0.0/16']],
  ['where the properties say', { previewCidrs: ['192.0.2.0/24'] }, ['192.0.2.0/24']],
])('the preview header is honoured from %s', (_, plane, values) => {
  const sources = rulesOf(templateOf({ plane })).flatMap(({ Conditions }) =>
    Conditions.filter(({ Field }: any) => Field === 'source-ip').map(({ SourceIpConfig }: any) => SourceIpConfig.Values),
  );
  expect(sources).toEqual([values, values]);
});

test('another load balancer has other target groups, since one cannot be on two', () => {
  const ids = (name: string) => resourcesOf(templateOf({ name }), 'AWS::ElasticLoadBalancingV2::TargetGroup').map(([id]) => id);
  expect(ids('shared')).toEqual(ids('shared'));
  expect(ids('shared').filter((id) => ids('other').includes(id))).toEqual([]);
});

test('a load balancer of the same stack will do', () => {
  const stack = new Stack(new App(), 'Stack');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc });
  const listener = loadBalancer.addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  const { url, traffic } = new BlueGreenService(stack, 'Service', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc }),
    trafficPlane: new ListenerPlane(stack, 'Plane', { listener, loadBalancer }),
    serviceName: 'shop',
    pathPrefix: '/shop',
    slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
  });
  expect(stack.resolve(url)['Fn::Join'][1].at(-1)).toBe('/shop');
  expect(JSON.stringify(stack.resolve(traffic.names))).toContain('Fn::Split');
});

test('a load balancer in another VPC is refused', () => {
  const vpcOfBalancer = (stack: Stack) =>
    ec2.Vpc.fromVpcAttributes(stack, 'Other', { vpcId: 'vpc-0fedcba9876543210', availabilityZones: ['eu-west-1a'] });
  expect(() => defined({ vpcOfBalancer })).toThrow(
    'listener of service-0: got one of a load balancer in vpc-0fedcba9876543210, expected vpc-0123456789abcdef0, in which the tasks are; name a listener there',
  );
});

test.each<[string, readonly Partial<BlueGreenServiceProps>[], RegExp | undefined]>([
  ['one path under two names', [{ domainName: 'shop.example.com' }, { domainName: 'cart.example.com' }], undefined],
  [
    'two paths under one name',
    [{ domainName: 'shop.example.com' }, { domainName: 'shop.example.com', pathPrefix: '/cart' }],
    undefined,
  ],
  [
    'one path under one name',
    [{ domainName: 'shop.example.com' }, { domainName: 'shop.example.com' }],
    /^path prefix of service-1: got "\/", expected a prefix that service-0 on the same listener does not have/,
  ],
  [
    'one path under a name, and under all',
    [{ domainName: 'shop.example.com', pathPrefix: '/a' }, { pathPrefix: '/a' }],
    /^path prefix of service-1: got "\/a"/,
  ],
  [
    'one path under all names, and under one',
    [{ pathPrefix: '/a' }, { domainName: 'shop.example.com', pathPrefix: '/a' }],
    /^path prefix of service-1: got "\/a"/,
  ],
  ['neither a name nor a path', [{}], /^domainName, pathPrefix: got neither for service-0, expected one of them/],
  [
    'a preview with too many ranges',
    [{ domainName: 'shop.example.com', pathPrefix: '/shop' }],
    /^previewCidrs: got 2 blocks, expected at most 1 beside the domain name shop.example.com and the path \/shop/,
  ],
])('%s', (what, services, problem) => {
  const previewCidrs = what.startsWith('a preview') ? ['10.0.0.0/8', '192.0.2.0/24'] : undefined;
  const made = () => defined({ services, plane: { previewCidrs } });
  if (problem === undefined) {
    expect(made).not.toThrow();
  } else {
    expect(made).toThrow(problem);
  }
});

test('a service of its own load balancer moves to a listener with new target groups', () => {
  const stack = new Stack(new App(), 'Stack');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  new BlueGreenService(stack, 'Service0', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc }),
    trafficPlane: new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: true }),
    serviceName: 'service-0',
    slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
  });
  const idsOf = (template: unknown) =>
    resourcesOf(template as TemplateJson, 'AWS::ElasticLoadBalancingV2::TargetGroup').map(([id]) => id);
  const own = idsOf(App.of(stack)?.synth().getStackByName('Stack').template);
  expect(own).toHaveLength(2);
  expect(idsOf(templateOf()).filter((id) => own.includes(id))).toEqual([]);
});
