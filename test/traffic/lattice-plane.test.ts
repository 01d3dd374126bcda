import { App, aws_ec2 as ec2, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { BlueGreenStack } from '../../lib/stack/blue-green-stack';
import { LatticePlane } from '../../lib/traffic/lattice-plane';
import { appOf, previewValueOf, resourceOf, resourcesOf, templateOf } from '../app-template';

const plane = { trafficPlane: 'lattice', greenActive: true, greenWeight: 3 };
const template = templateOf(plane);
const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${id}`)), name] });
const rule = (prefix: string) => resourcesOf(template, 'AWS::VpcLattice::Rule').find(([id]) => id.startsWith(prefix))?.[1] as any;

test('a service network for the VPC, with one service that answers 404 where no rule matches', () => {
  expect(resourceOf(template, 'AWS::VpcLattice::ServiceNetworkVpcAssociation').Properties).toMatchObject({
    ServiceNetworkIdentifier: attribute('LatticeServiceNetwork', 'Id'),
    VpcIdentifier: { Ref: expect.stringMatching(/^Vpc/) },
  });
  expect(resourceOf(template, 'AWS::VpcLattice::ServiceNetworkServiceAssociation').Properties).toMatchObject({
    ServiceNetworkIdentifier: attribute('LatticeServiceNetwork', 'Id'),
    ServiceIdentifier: attribute('AppLatticeService', 'Id'),
  });
  expect(resourceOf(template, 'AWS::VpcLattice::Listener').Properties).toMatchObject({
    Port: 443,
    Protocol: 'HTTPS',
    DefaultAction: { FixedResponse: { StatusCode: 404 } },
  });
});

test('with ingress=none no VPC is associated', () => {
  expect(resourcesOf(templateOf({ ...plane, ingress: 'none' }), 'AWS::VpcLattice::ServiceNetworkVpcAssociation')).toEqual([]);
});

test.each(resourcesOf(template, 'AWS::VpcLattice::TargetGroup'))('the target group %s', (_, { Properties }) => {
  expect(Properties).toMatchObject({
    Type: 'IP',
    Config: {
      Port: 80,
      Protocol: 'HTTP',
      HealthCheck: {
        Enabled: true,
        Path: '/health',
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 4,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 5,
        Matcher: { HttpCode: '200' },
      },
    },
  });
});

test('the production rule holds the weights', () => {
  expect(rule('AppLatticeRule').Properties).toMatchObject({
    Priority: 100,
    Match: { HttpMatch: { PathMatch: { Match: { Prefix: '/' } } } },
    Action: {
      Forward: {
        TargetGroups: [
          { TargetGroupIdentifier: attribute('AppBlueLatticeTargetGroup', 'Id'), Weight: 1 },
          { TargetGroupIdentifier: attribute('AppGreenLatticeTargetGroup', 'Id'), Weight: 3 },
        ],
      },
    },
  });
});

test.each([
  ['AppBlue', 'blue', 10],
  ['AppGreen', 'green', 11],
])('order: the preview rule of %s, then its ECS service, then the weights', (slot, label, priority) => {
  expect(rule(`${slot}LatticeAssociationRule`).Properties).toMatchObject({
    Priority: priority,
    Match: { HttpMatch: { HeaderMatches: [{ Name: 'x-slot', Match: { Exact: previewValueOf(label) } }] } },
    Action: { Forward: { TargetGroups: [{ TargetGroupIdentifier: attribute(`${slot}LatticeTargetGroup`, 'Id') }] } },
  });
  const [serviceId, service] = resourcesOf(template, 'AWS::ECS::Service').find(([id]) => id.startsWith(slot)) as [string, any];
  expect(service.DependsOn).toContainEqual(expect.stringMatching(new RegExp(`^${slot}LatticeAssociationRule`)));
  expect(rule('AppLatticeRule').DependsOn).toContain(serviceId);
});

test.each(['AppBlue', 'AppGreen'])('ECS registers the tasks of %s by a role that can do no more than that', (slot) => {
  const service = resourcesOf(template, 'AWS::ECS::Service').find(([id]) => id.startsWith(slot))?.[1].Properties;
  expect(service.HealthCheckGracePeriodSeconds).toBe(60);
  expect(service.VpcLatticeConfigurations).toEqual([
    {
      PortName: 'app',
      RoleArn: attribute(`${slot}InfrastructureRole`, 'Arn'),
      TargetGroupArn: attribute(`${slot}LatticeTargetGroup`, 'Arn'),
    },
  ]);
  const task = resourcesOf(template, 'AWS::ECS::TaskDefinition').find(([id]) => id.startsWith(slot))?.[1].Properties;
  expect(task.ContainerDefinitions[0].PortMappings).toEqual([{ Name: 'app', ContainerPort: 8080, Protocol: 'tcp' }]);

  const role = resourcesOf(template, 'AWS::IAM::Role').find(([id]) => id.startsWith(`${slot}InfrastructureRole`))?.[1].Properties;
  expect(role.AssumeRolePolicyDocument.Statement[0].Principal).toEqual({ Service: 'ecs.amazonaws.com' });
  expect(role.Policies[0].PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'vpc-lattice:DeregisterTargets',
        'vpc-lattice:GetTargetGroup',
        'vpc-lattice:ListTargets',
        'vpc-lattice:RegisterTargets',
      ],
      Resource: attribute(`${slot}LatticeTargetGroup`, 'Arn'),
    },
    { Effect: 'Allow', Action: ['ec2:DescribeInstances', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'], Resource: '*' },
  ]);
});

test.each<[string, Record<string, string>, unknown]>([
  ['the link-local range', {}, { CidrIp: '169.254.171.0/24' }],
  ['the managed prefix list', { latticePrefixListId: 'pl-0123456789abcdef0' }, { SourcePrefixListId: 'pl-0123456789abcdef0' }],
])('the tasks admit the app port from %s, and nothing else', (_, flags, source) => {
  const synthesized = templateOf({ ...plane, ...flags });
  const group = resourcesOf(synthesized, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('AppSecurityGroup'))?.[1]
    .Properties;
  const rules = [
    ...(group.SecurityGroupIngress ?? []),
    ...resourcesOf(synthesized, 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => Properties),
  ];
  expect(rules).toEqual([expect.objectContaining({ ...(source as object), FromPort: 8080, ToPort: 8080 })]);
});

test('requests are logged', () => {
  expect(resourceOf(template, 'AWS::VpcLattice::AccessLogSubscription').Properties).toEqual({
    ResourceIdentifier: attribute('LatticeServiceNetwork', 'Id'),
    DestinationArn: attribute('LatticeAccessLog', 'Arn'),
  });
});

const admitsTheAccount = {
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 'vpc-lattice-svcs:Invoke',
  Resource: { 'Fn::Join': ['', [attribute('AppLatticeService', 'Arn'), '/*']] },
  Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
};

test('the policy that admits the account is there before it is needed: signed requests alone change the service, and nothing else', () => {
  const authenticated = templateOf({ ...plane, latticeAuthType: 'AWS_IAM' });
  expect(resourceOf(template, 'AWS::VpcLattice::Service').Properties).toEqual({ AuthType: 'NONE' });
  expect(resourceOf(authenticated, 'AWS::VpcLattice::Service').Properties).toEqual({ AuthType: 'AWS_IAM' });
  for (const each of [template, authenticated]) {
    expect(resourceOf(each, 'AWS::VpcLattice::AuthPolicy').Properties.Policy.Statement).toEqual([admitsTheAccount]);
  }
});

test('the preview header can be closed for all but some', () => {
  const tester = 'arn:aws:iam::123456789012:role/tester';
  const closed = templateOf({ ...plane, latticeAuthType: 'AWS_IAM', previewHeader: 'x-try', previewPrincipals: tester });
  expect(resourceOf(closed, 'AWS::VpcLattice::AuthPolicy').Properties.Policy.Statement).toEqual([
    admitsTheAccount,
    {
      ...admitsTheAccount,
      Effect: 'Deny',
      Condition: {
        Null: { 'vpc-lattice-svcs:RequestHeader/x-try': 'false' },
        ArnNotEquals: { 'aws:PrincipalArn': [tester] },
      },
    },
  ]);
});

test('callers get a permission of their own', () => {
  const { stack } = appOf({ ...plane, latticeAuthType: 'AWS_IAM' });
  const caller = new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() });
  const grant = (stack as BlueGreenStack).service.grantInvoke(caller);
  expect(grant.success).toBe(true);
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policies.find(([id]) => id.startsWith('CallerDefaultPolicy'))?.[1].Properties.PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'vpc-lattice-svcs:Invoke', Resource: admitsTheAccount.Resource },
  ]);
});

test('with plain HTTP it listens on 80, and says so', () => {
  const plain = templateOf({ ...plane, latticeProtocol: 'HTTP' });
  expect(resourceOf(plain, 'AWS::VpcLattice::Listener').Properties).toMatchObject({ Port: 80, Protocol: 'HTTP' });
  expect(JSON.stringify(plain.Outputs.Url)).toContain('http://');
  expect(JSON.stringify(template.Outputs.Url)).toContain('https://');
});

test.each(['sn-0123456789abcdef0', 'arn:aws:vpc-lattice:eu-west-1:123456789012:servicenetwork/sn-0123456789abcdef0'])(
  'joins the network %s, makes none, associates no VPC, and logs its own requests',
  (serviceNetworkId) => {
    const joined = templateOf({ ...plane, serviceNetworkId });
    const types = Object.values(joined.Resources).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::VpcLattice::ServiceNetwork');
    expect(types).not.toContain('AWS::VpcLattice::ServiceNetworkVpcAssociation');
    expect(resourceOf(joined, 'AWS::VpcLattice::ServiceNetworkServiceAssociation').Properties).toEqual({
      ServiceNetworkIdentifier: serviceNetworkId,
      ServiceIdentifier: attribute('AppLatticeService', 'Id'),
    });
    expect(resourceOf(joined, 'AWS::VpcLattice::AccessLogSubscription').Properties).toMatchObject({
      ResourceIdentifier: attribute('AppLatticeService', 'Id'),
    });
    expect(joined.Outputs.Url).toBeDefined();
  },
);

test('the access log outlives its network, under a name that no other network has', () => {
  const [, group] = resourcesOf(template, 'AWS::Logs::LogGroup').find(([id]) => id.startsWith('LatticeAccessLog')) as [
    string,
    any,
  ];
  expect(group).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      LogGroupName: { 'Fn::Join': ['', ['/aws/vendedlogs/vpc-lattice/', attribute('LatticeServiceNetwork', 'Id')]] },
    },
  });
});

test.each(['cn-north-1', 'us-gov-west-1'])('a Region without VPC Lattice is refused: %s', (region) => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region } });
  expect(() => new LatticePlane(stack, 'Plane', { vpc: new ec2.Vpc(stack, 'Vpc') })).toThrow(
    `lattice: got the Region ${region}, expected one that has VPC Lattice; choose the load balancer plane there`,
  );
});

test('no Lattice resource has a name, so that each can be replaced', () => {
  const lattice = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::VpcLattice::'));
  expect(lattice.filter(({ Properties }) => 'Name' in Properties)).toEqual([]);
});

test('clients reach the service network from the VPC, on its port, and from nowhere else', () => {
  const group = resourcesOf(template, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('LatticeClientSecurityGroup'))?.[1]
    .Properties;
  expect(group.SecurityGroupIngress).toEqual([
    expect.objectContaining({ CidrIp: attribute('Vpc', 'CidrBlock'), IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
  ]);
});

test('a task has time to answer what VPC Lattice still sends while it drains', () => {
  const [, { Properties }] = resourcesOf(template, 'AWS::ECS::TaskDefinition')[0] as [string, any];
  expect(Properties.ContainerDefinitions[0].StopTimeout).toBe(120);
});

describe('a slot with a version of its own', () => {
  const own = templateOf({ ...plane, greenAppPort: 3000, greenHealthcheckPath: '/ready' });

  test.each([
    ['Blue', 8080, '/health'],
    ['Green', 3000, '/ready'],
  ])('the tasks of %s are on port %d, checked at %s; its target group is not made anew for another port', (slot, port, path) => {
    const of = (type: string) => resourcesOf(own, type).find(([id]) => id.startsWith(`App${slot}`))?.[1].Properties;
    expect(of('AWS::VpcLattice::TargetGroup').Config).toMatchObject({ Port: 80, HealthCheck: { Path: path } });
    expect(of('AWS::ECS::TaskDefinition').ContainerDefinitions[0].PortMappings).toEqual([
      expect.objectContaining({ ContainerPort: port }),
    ]);
  });

  test.each([true, false])('the tasks admit the ports of both slots from VPC Lattice; green active: %s', (greenActive) => {
    const synthesized = templateOf({ ...plane, greenActive, blueAppPort: 9000, greenAppPort: 3000 });
    const group = resourcesOf(synthesized, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('AppSecurityGroup'))?.[1]
      .Properties;
    expect(group.SecurityGroupIngress.map((each: any) => [each.FromPort, each.ToPort])).toEqual([
      [3000, 3000],
      [9000, 9000],
    ]);
  });
});
