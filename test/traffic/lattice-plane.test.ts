import { resourceOf, resourcesOf, templateOf } from '../app-template';

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
    Port: 80,
    Protocol: 'HTTP',
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
    Match: { HttpMatch: { HeaderMatches: [{ Name: 'x-slot', Match: { Exact: label } }] } },
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

test('without authentication there is no policy; with it, one that admits the account', () => {
  expect(resourceOf(template, 'AWS::VpcLattice::Service').Properties).toEqual({ AuthType: 'NONE' });
  expect(resourcesOf(template, 'AWS::VpcLattice::AuthPolicy')).toEqual([]);

  const authenticated = templateOf({ ...plane, latticeAuthType: 'AWS_IAM' });
  expect(resourceOf(authenticated, 'AWS::VpcLattice::Service').Properties).toEqual({ AuthType: 'AWS_IAM' });
  expect(resourceOf(authenticated, 'AWS::VpcLattice::AuthPolicy').Properties.Policy.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'vpc-lattice-svcs:Invoke',
      Resource: { 'Fn::Join': ['', [attribute('AppLatticeService', 'Arn'), '/*']] },
      Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
});

test('no Lattice resource has a name, so that each can be replaced', () => {
  const lattice = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::VpcLattice::'));
  expect(lattice.filter(({ Properties }) => 'Name' in Properties)).toEqual([]);
});

test('clients reach the service network from the VPC, on its port, and from nowhere else', () => {
  const group = resourcesOf(template, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('LatticeClientSecurityGroup'))?.[1]
    .Properties;
  expect(group.SecurityGroupIngress).toEqual([
    expect.objectContaining({ CidrIp: attribute('Vpc', 'CidrBlock'), IpProtocol: 'tcp', FromPort: 80, ToPort: 80 }),
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
