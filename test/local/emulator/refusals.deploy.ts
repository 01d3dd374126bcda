import { emulatorOfBlock } from './emulator-of-block';
import type { Resources } from './stacks';

type Refs = Readonly<Record<string, string>>;

/** A thing that AWS refuses, and the way there. */
interface Refusal {
  readonly what: string;

  /** What is deployed before, and goes through. */
  readonly given: Resources;

  /** A second stack, which is refused; or goes through, when the refusal is of the deletion of the first. */
  readonly create?: (given: Refs) => Resources;

  /** The first stack as it is to become, which is refused. */
  readonly update?: (given: Refs) => Resources;

  /** Then the first stack is deleted, which is refused. */
  readonly thenDelete?: boolean;

  /** Where it is refused, and with which words. */
  readonly at: string;
  readonly reason: RegExp;
}

const resource = (Type: string, Properties: unknown = {}) => ({ Type, Properties });

// --- App Mesh ---

const mesh = { MeshName: 'mesh' };
const port = { PortMapping: { Port: 8080, Protocol: 'http' } };
const node = (name: string) =>
  resource('AWS::AppMesh::VirtualNode', { ...mesh, VirtualNodeName: name, Spec: { Listeners: [port] } });
const router = resource('AWS::AppMesh::VirtualRouter', { ...mesh, VirtualRouterName: 'router', Spec: { Listeners: [port] } });
const route = (targets: readonly [string, unknown][], options: object = {}) =>
  resource('AWS::AppMesh::Route', {
    ...mesh,
    RouteName: 'route',
    VirtualRouterName: 'router',
    Spec: {
      HttpRoute: {
        Match: { Prefix: '/' },
        Action: { WeightedTargets: targets.map(([VirtualNode, Weight]) => ({ VirtualNode, Weight })) },
      },
    },
    ...options,
  });
const virtualService = (provider: object) =>
  resource('AWS::AppMesh::VirtualService', { ...mesh, VirtualServiceName: 'service.local', Spec: { Provider: provider } });
const byRouter = { VirtualRouter: { VirtualRouterName: 'router' } };
const gatewayRoute = resource('AWS::AppMesh::GatewayRoute', {
  ...mesh,
  GatewayRouteName: 'gateway-route',
  VirtualGatewayName: 'gateway',
  Spec: {
    HttpRoute: {
      Match: { Prefix: '/' },
      Action: { Target: { VirtualService: { VirtualServiceName: 'service.local' } } },
    },
  },
});
const gateway = resource('AWS::AppMesh::VirtualGateway', { ...mesh, VirtualGatewayName: 'gateway', Spec: { Listeners: [port] } });
const Mesh = resource('AWS::AppMesh::Mesh', mesh);
const inMesh = (others: Resources): Resources =>
  Object.fromEntries([['Mesh', Mesh], ...Object.entries(others).map(([id, r]) => [id, { ...r, DependsOn: 'Mesh' }])]);
const nodes = inMesh({ Blue: node('blue'), Green: node('green'), Router: router });

const routeRefused = (what: string, targets: readonly [string, unknown][], reason: RegExp, options?: object): Refusal[] => [
  {
    what: `App Mesh: a route with ${what}`,
    given: nodes,
    create: () => ({ Route: route(targets, options) }),
    at: 'Route',
    reason,
  },
  {
    what: `App Mesh: a route that gets ${what}`,
    given: { ...nodes, Route: { ...route([['blue', 1]]), DependsOn: ['Blue', 'Green', 'Router'] } } as Resources,
    update: () => ({ ...nodes, Route: { ...route(targets, options), DependsOn: ['Blue', 'Green', 'Router'] } }) as Resources,
    at: 'Route',
    reason,
  },
];
const appMesh: Refusal[] = [
  ...routeRefused(
    'weights that sum to 0',
    [
      ['blue', 0],
      ['green', 0],
    ],
    /sum to 0/,
  ),
  ...routeRefused(
    'weights that sum to more than 100',
    [
      ['blue', 60],
      ['green', 41],
    ],
    /sum to 101/,
  ),
  ...routeRefused('a weight of 101', [['blue', 101]], /weight 101/),
  ...routeRefused(
    'a weight of -1',
    [
      ['blue', -1],
      ['green', 1],
    ],
    /weight -1/,
  ),
  ...routeRefused('a weight of a half', [['blue', 0.5]], /weight 0.5/),
  ...routeRefused('eleven targets', Array(11).fill(['blue', 1]), /11 targets/),
  ...routeRefused('no target', [], /0 targets/),
  ...routeRefused('a target that does not exist', [['red', 1]], /VirtualNode red does not exist/),
  ...routeRefused('priority 1001', [['blue', 1]], /priority 1001/, {
    Spec: {
      Priority: 1001,
      HttpRoute: { Match: { Prefix: '/' }, Action: { WeightedTargets: [{ VirtualNode: 'blue', Weight: 1 }] } },
    },
  }),
  ...routeRefused('nothing to match', [], /got no route/, { Spec: {} }),
  {
    what: 'App Mesh: a route on a router that does not exist',
    given: nodes,
    create: () => ({ Route: route([['blue', 1]], { VirtualRouterName: 'other' }) }),
    at: 'Route',
    reason: /VirtualRouter other does not exist/,
  },
  {
    what: 'App Mesh: a node in a mesh that does not exist',
    given: { Mesh },
    create: () => ({ Node: resource('AWS::AppMesh::VirtualNode', { MeshName: 'other', VirtualNodeName: 'n', Spec: {} }) }),
    at: 'Node',
    reason: /Mesh other does not exist/,
  },
  {
    what: 'App Mesh: a node that is checked every 4 seconds',
    given: { Mesh },
    create: () => ({
      Node: resource('AWS::AppMesh::VirtualNode', {
        ...mesh,
        VirtualNodeName: 'n',
        Spec: { Listeners: [{ ...port, HealthCheck: { IntervalMillis: 4000 } }] },
      }),
    }),
    at: 'Node',
    reason: /IntervalMillis 4000, expected 5000 to 300000/,
  },
  {
    what: 'App Mesh: a name that is taken',
    given: { Mesh },
    create: () => ({ Mesh }),
    at: 'Mesh',
    reason: /Mesh mesh already exists/,
  },
  {
    what: 'App Mesh: a virtual service whose router does not exist',
    given: { Mesh },
    create: () => ({ Service: virtualService(byRouter) }),
    at: 'Service',
    reason: /VirtualRouter router does not exist/,
  },
  {
    what: 'App Mesh: a virtual service whose node does not exist',
    given: { Mesh },
    create: () => ({ Service: virtualService({ VirtualNode: { VirtualNodeName: 'red' } }) }),
    at: 'Service',
    reason: /VirtualNode red does not exist/,
  },
  {
    what: 'App Mesh: a gateway route to a virtual service that does not exist',
    given: inMesh({ Gateway: gateway }),
    create: () => ({ GatewayRoute: gatewayRoute }),
    at: 'GatewayRoute',
    reason: /VirtualService service.local does not exist/,
  },
  {
    what: 'App Mesh: the deletion of a node that a route targets',
    given: nodes,
    create: () => ({ Route: route([['blue', 1]]) }),
    thenDelete: true,
    at: 'Blue',
    reason: /VirtualNode blue is in use by Route route/,
  },
  {
    what: 'App Mesh: the deletion of a node that provides a virtual service',
    given: nodes,
    create: () => ({ Service: virtualService({ VirtualNode: { VirtualNodeName: 'blue' } }) }),
    thenDelete: true,
    at: 'Blue',
    reason: /VirtualNode blue is in use by VirtualService service.local/,
  },
  {
    what: 'App Mesh: the deletion of a router that has routes',
    given: nodes,
    create: () => ({ Route: route([['blue', 1]]) }),
    thenDelete: true,
    at: 'Router',
    reason: /VirtualRouter router is in use by Route route/,
  },
  {
    what: 'App Mesh: the deletion of a virtual service that a gateway route targets',
    given: { ...nodes, Service: { ...virtualService(byRouter), DependsOn: 'Router' } } as Resources,
    create: () => ({ Gateway: gateway, GatewayRoute: { ...gatewayRoute, DependsOn: 'Gateway' } }) as Resources,
    thenDelete: true,
    at: 'Service',
    reason: /VirtualService service.local is in use by GatewayRoute gateway-route/,
  },
  {
    what: 'App Mesh: the deletion of a gateway that has routes',
    given: {
      ...nodes,
      Service: { ...virtualService(byRouter), DependsOn: 'Router' },
      Gateway: { ...gateway, DependsOn: 'Mesh' },
    } as Resources,
    create: () => ({ GatewayRoute: gatewayRoute }),
    thenDelete: true,
    at: 'Gateway',
    reason: /VirtualGateway gateway is in use by GatewayRoute gateway-route/,
  },
  {
    what: 'App Mesh: the deletion of a mesh that is not empty',
    given: { Mesh },
    create: () => ({ Node: node('blue') }),
    thenDelete: true,
    at: 'Mesh',
    reason: /Mesh mesh is in use by VirtualNode blue/,
  },
];

// --- network ---

const Vpc = resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
const group = (VpcId: unknown = { Ref: 'Vpc' }) => resource('AWS::EC2::SecurityGroup', { GroupDescription: 'group', VpcId });
const ingress = (GroupId: string, SourceSecurityGroupId: string) =>
  resource('AWS::EC2::SecurityGroupIngress', { GroupId, SourceSecurityGroupId, IpProtocol: 'tcp', FromPort: 80, ToPort: 80 });

// --- Application Load Balancer ---

const balancer = resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' });
const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: '-' } };
const listener = (LoadBalancerArn: unknown, Port = 80) =>
  resource('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn, Port, Protocol: 'HTTP', DefaultActions: [fixed] });
const targetGroup = (options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    VpcId: { Ref: 'Vpc' },
    ...options,
  });
const rule = (ListenerArn: unknown, targets: readonly [unknown, unknown][], options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn,
    Priority: 10,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: { TargetGroups: targets.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })) },
      },
    ],
    ...options,
  });
const balanced: Resources = {
  Vpc,
  Balancer: balancer,
  Listener: listener({ Ref: 'Balancer' }),
  Blue: targetGroup(),
  Green: targetGroup(),
};
const ruleRefused = (
  what: string,
  targets: (given: Refs) => readonly [unknown, unknown][],
  reason: RegExp,
  options?: object,
): Refusal[] => [
  {
    what: `load balancer: a rule with ${what}`,
    given: balanced,
    create: (given) => ({ Rule: rule(given.Listener, targets(given), options) }),
    at: 'Rule',
    reason,
  },
  {
    what: `load balancer: a rule that gets ${what}`,
    given: { ...balanced, Rule: rule({ Ref: 'Listener' }, [[{ Ref: 'Blue' }, 1]]) },
    update: (given) => ({ ...balanced, Rule: rule({ Ref: 'Listener' }, targets(given), options) }),
    at: 'Rule',
    reason,
  },
];
const namedBalancer = (Name: string, options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application', Scheme: 'internet-facing', Name, ...options });
const checkRefused = (what: string, options: object, reason: RegExp, only?: 'create'): Refusal[] => [
  {
    what: `load balancer: a target group with ${what}`,
    given: { Vpc },
    create: ({ Vpc: VpcId }) => ({ Group: targetGroup({ VpcId, ...options }) }),
    at: 'Group',
    reason,
  },
  ...(only
    ? []
    : [
        {
          what: `load balancer: a target group that gets ${what}`,
          given: { Vpc, Group: targetGroup() },
          update: () => ({ Vpc, Group: targetGroup(options) }),
          at: 'Group',
          reason,
        },
      ]),
];
const noArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0';
const loadBalancer: Refusal[] = [
  ...ruleRefused(
    'a weight of 1000',
    ({ Blue, Green }) => [
      [Blue, 1000],
      [Green, 1],
    ],
    /weight 1000/,
  ),
  ...ruleRefused(
    'a weight of -1',
    ({ Blue, Green }) => [
      [Blue, -1],
      [Green, 1],
    ],
    /weight -1/,
  ),
  ...ruleRefused(
    'weights that sum to 0',
    ({ Blue, Green }) => [
      [Blue, 0],
      [Green, 0],
    ],
    /sum to 0/,
  ),
  ...ruleRefused('six target groups', ({ Blue }) => Array(6).fill([Blue, 1]), /6 targets/),
  ...ruleRefused('a target group that does not exist', () => [[noArn, 1]], /target group .* does not exist/),
  ...ruleRefused('no condition', ({ Blue }) => [[Blue, 1]], /no condition/, { Conditions: [] }),
  ...ruleRefused('priority 0', ({ Blue }) => [[Blue, 1]], /priority 0/, { Priority: 0 }),
  {
    what: 'load balancer: a rule on a listener that does not exist',
    given: balanced,
    create: ({ Blue }) => ({ Rule: rule('arn:none', [[Blue, 1]]) }),
    at: 'Rule',
    reason: /listener arn:none does not exist/,
  },
  ...ruleRefused('six values in its conditions', ({ Blue }) => [[Blue, 1]], /got 6 condition values, a rule can have up to '5'/, {
    Conditions: [
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/a', '/a/*'] } },
      { Field: 'host-header', HostHeaderConfig: { Values: ['a.example.com', 'b.example.com'] } },
      { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8', '192.0.2.0/24'] } },
    ],
  }),
  {
    what: 'load balancer: two rules of one priority',
    given: { ...balanced, Rule: rule({ Ref: 'Listener' }, [[{ Ref: 'Blue' }, 1]]) },
    create: ({ Listener, Green }) => ({ Second: rule(Listener, [[Green, 1]]) }),
    at: 'Second',
    reason: /Priority '10' is currently in use \(Error Code: PriorityInUse\)/,
  },
  {
    what: 'load balancer: two listeners on one port',
    given: balanced,
    create: ({ Balancer }) => ({ Second: listener(Balancer) }),
    at: 'Second',
    reason: /listener already exists on this port .*DuplicateListener/,
  },
  {
    what: 'load balancer: a target group on two load balancers',
    given: { ...balanced, Rule: rule({ Ref: 'Listener' }, [[{ Ref: 'Blue' }, 1]]) },
    create: ({ Blue }) => ({
      Balancer2: balancer,
      Listener2: listener({ Ref: 'Balancer2' }),
      Rule2: rule({ Ref: 'Listener2' }, [[Blue, 1]]),
    }),
    at: 'Rule2',
    reason: /cannot be associated with more than one load balancer: .*TargetGroupAssociationLimit/,
  },
  {
    what: 'load balancer: a target group name that is taken',
    given: { Vpc, Named: targetGroup({ Name: 'taken' }) },
    create: ({ Vpc: VpcId }) => ({ Second: targetGroup({ Name: 'taken', VpcId }) }),
    at: 'Second',
    reason: /target group with the same name 'taken' exists.*DuplicateTargetGroupName/,
  },
  {
    what: 'load balancer: the deletion of a target group that a rule uses',
    given: { Vpc, Group: targetGroup() },
    create: ({ Group }) => ({
      Balancer: balancer,
      Listener: listener({ Ref: 'Balancer' }),
      Rule: rule({ Ref: 'Listener' }, [[Group, 1]]),
    }),
    thenDelete: true,
    at: 'Group',
    reason: /Target group '.*' is currently in use by a listener or a rule .*ResourceInUse/,
  },
  {
    what: 'load balancer: a name that is taken',
    given: { Named: namedBalancer('taken') },
    create: () => ({ Second: namedBalancer('taken') }),
    at: 'Second',
    reason: /load balancer with the same name 'taken' exists.*DuplicateLoadBalancerName/,
  },
  {
    what: 'load balancer: a name of 33 characters',
    given: { Vpc },
    create: () => ({ Named: namedBalancer('n'.repeat(33)) }),
    at: 'Named',
    reason: /cannot be longer than '32' characters/,
  },
  {
    what: 'load balancer: another scheme under the same name',
    given: { Named: namedBalancer('public') },
    update: () => ({ Named: namedBalancer('public', { Scheme: 'internal' }) }),
    at: 'Named',
    reason: /custom-named resource requires replacing\. Rename .*public/,
  },
  {
    what: 'load balancer: another port of a named target group',
    given: { Vpc, Named: targetGroup({ Name: 'named' }) },
    update: () => ({ Vpc, Named: targetGroup({ Name: 'named', Port: 81 }) }),
    at: 'Named',
    reason: /custom-named resource requires replacing/,
  },
  ...checkRefused('a name of 33 characters', { Name: 'n'.repeat(33) }, /cannot be longer than '32' characters/, 'create'),
  ...checkRefused('checks that take as long as they are apart', { HealthCheckTimeoutSeconds: 30 }, /interval must be greater/),
  ...checkRefused('checks every 4 seconds', { HealthCheckIntervalSeconds: 4 }, /HealthCheckIntervalSeconds 4, expected 5 to 300/),
  ...checkRefused('a threshold of 1', { HealthyThresholdCount: 1 }, /HealthyThresholdCount 1, expected 2 to 10/),
];

// --- ECS ---

const taskDefinition = (options: object = {}) =>
  resource('AWS::ECS::TaskDefinition', {
    Family: 'task',
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [{ Name: 'app', Image: 'app', PortMappings: [{ ContainerPort: 8080, Name: 'app' }] }],
    ...options,
  });
const ecsService = (options: object) =>
  resource('AWS::ECS::Service', { ServiceName: 'service', LaunchType: 'FARGATE', DesiredCount: 1, ...options });
const lattice = (type: string, properties: object) => resource(`AWS::VpcLattice::${type}`, properties);
const latticeGroup = (options: object = {}) =>
  lattice('TargetGroup', { Type: 'IP', Config: { Port: 8080, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Vpc' } }, ...options });
const ecsWorld: Resources = {
  ...balanced,
  Rule: rule({ Ref: 'Listener' }, [[{ Ref: 'Blue' }, 1]]),
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
  Task: taskDefinition(),
  Group: group(),
  LatticeGroup: latticeGroup(),
  Instances: targetGroup({ TargetType: 'instance' }),
  InstancesRule: rule({ Ref: 'Listener' }, [[{ Ref: 'Instances' }, 1]], { Priority: 11 }),
};
const behind = (TargetGroupArn: unknown, options: object = {}) => ({
  LoadBalancers: [{ TargetGroupArn, ContainerName: 'app', ContainerPort: 8080, ...options }],
});
const serviceRefused = (what: string, options: (given: Refs) => object, reason: RegExp): Refusal => ({
  what: `ECS: a service ${what}`,
  given: ecsWorld,
  create: (given) => ({ Service: ecsService({ Cluster: given.Cluster, TaskDefinition: given.Task, ...options(given) }) }),
  at: 'Service',
  reason,
});
const onSpot = { LaunchType: undefined, CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] };
const spotService = (Cluster: unknown) => ecsService({ ...onSpot, Cluster, TaskDefinition: { Ref: 'Task' } });
const capacityProviders = (CapacityProviders: readonly string[]) =>
  resource('AWS::ECS::ClusterCapacityProviderAssociations', {
    Cluster: { Ref: 'Cluster' },
    CapacityProviders,
    DefaultCapacityProviderStrategy: [],
  });
const providedCluster: Resources = {
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
  Providers: capacityProviders(['FARGATE', 'FARGATE_SPOT']),
};
const roleArn = 'arn:aws:iam::123456789012:role/none';
const inAccount = (of: string) => {
  const [service, ...rest] = of.split(':');
  return { 'Fn::Join': [':', ['arn:aws', service, { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, ...rest]] };
};
const executionRole = (Action: string | readonly string[], Resource: unknown) =>
  resource('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [
      { PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] } },
    ],
  });
const keeping = (Secrets: readonly object[], options: object = {}) => ({
  Task: taskDefinition({
    ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    ContainerDefinitions: [{ Name: 'app', Image: 'app', Secrets, ...options }],
  }),
});
const secretWorld: Resources = {
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
  Secret: resource('AWS::SecretsManager::Secret', { Name: 'db', SecretString: '{"user": "me"}' }),
  Parameter: resource('AWS::SSM::Parameter', { Name: '/prod/key', Type: 'String', Value: 'key' }),
};
const cannotStart = (what: string, ValueFrom: object, role: object, reason: RegExp): Refusal => ({
  what: `ECS: a service ${what}`,
  given: secretWorld,
  create: ({ Cluster }) =>
    ({
      Role: role,
      ...keeping([{ Name: 'DB', ValueFrom }]),
      Service: ecsService({ Cluster, TaskDefinition: { Ref: 'Task' } }),
    }) as Resources,
  at: 'Service',
  reason: new RegExp(`Circuit Breaker was triggered.*${reason.source}`),
});
const readsAnySecret = executionRole('secretsmanager:GetSecretValue', '*');
const readsAll = executionRole(['secretsmanager:GetSecretValue', 'ssm:GetParameters'], '*');
const taskRefused = (what: string, properties: object, reason: RegExp): Refusal => ({
  what: `ECS: a task definition ${what}`,
  given: secretWorld,
  create: () => ({ Role: readsAnySecret, ...properties }) as Resources,
  at: 'Task',
  reason,
});
const secrets: Refusal[] = [
  cannotStart(
    'whose secret does not exist',
    inAccount('secretsmanager:secret:other'),
    readsAnySecret,
    /secret:other does not exist/,
  ),
  cannotStart(
    'whose secret is the beginning of one that exists',
    inAccount('secretsmanager:secret:d'),
    readsAnySecret,
    /secret:d does not exist/,
  ),
  cannotStart(
    'whose secret has no such field',
    inAccount('secretsmanager:secret:db:word::'),
    readsAnySecret,
    /did not contain json key word/,
  ),
  cannotStart(
    'whose execution role may not read its secret',
    inAccount('secretsmanager:secret:db:user::'),
    executionRole('secretsmanager:GetSecretValue', inAccount('secretsmanager:secret:other-??????')),
    /not authorized to perform: secretsmanager:GetSecretValue on resource: .*secret:db/,
  ),
  cannotStart(
    'whose parameter does not exist',
    inAccount('ssm:parameter/prod/other'),
    executionRole('ssm:GetParameters', '*'),
    /parameter\/prod\/other does not exist/,
  ),
  cannotStart(
    'whose execution role may not read its parameter',
    inAccount('ssm:parameter/prod/key'),
    readsAnySecret,
    /not authorized to perform: ssm:GetParameters/,
  ),
  {
    what: 'ECS: a service that gets a secret which does not exist',
    given: {
      ...secretWorld,
      Role: readsAll,
      ...keeping([
        { Name: 'DB', ValueFrom: inAccount('secretsmanager:secret:db:user::') },
        { Name: 'KEY', ValueFrom: inAccount('ssm:parameter/prod/key') },
      ]),
      Service: ecsService({ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' } }),
    },
    update: () => ({
      ...secretWorld,
      Role: readsAll,
      ...keeping([{ Name: 'DB', ValueFrom: inAccount('secretsmanager:secret:other') }]),
      Service: ecsService({ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' } }),
    }),
    at: 'Service',
    reason: /Circuit Breaker was triggered.*secret:other does not exist/,
  },
  taskRefused(
    'with a secret and a variable of one name',
    keeping([{ Name: 'DB', ValueFrom: 'arn:x' }], { Environment: [{ Name: 'DB', Value: '1' }] }),
    /secret name must be unique.*'DB'/,
  ),
  taskRefused(
    'with secrets and nobody to read them',
    {
      Task: taskDefinition({
        ContainerDefinitions: [{ Name: 'app', Image: 'app', Secrets: [{ Name: 'DB', ValueFrom: 'arn:x' }] }],
      }),
    },
    /must also specify a value for 'executionRoleArn'/,
  ),
  taskRefused('that may take 121 seconds to end', keeping([], { StopTimeout: 121 }), /stop timeout 121, expected at most 120/),
  taskRefused(
    'for a processor that Fargate does not have',
    { Task: taskDefinition({ RuntimePlatform: { CpuArchitecture: 'MIPS' } }) },
    /CPU architecture MIPS, expected X86_64 or ARM64/,
  ),
];
const ecs: Refusal[] = [
  ...secrets,
  serviceRefused('into which one may go, without a task role', () => ({ EnableExecuteCommand: true }), /valid taskRoleArn/),
  serviceRefused(
    'whose target group no load balancer reaches',
    ({ Green }) => behind(Green),
    /does not have an associated load balancer/,
  ),
  serviceRefused('whose target group does not exist', () => behind(noArn), /target group .* does not exist/),
  serviceRefused(
    'whose target group is for instances',
    ({ Instances }) => behind(Instances),
    /target type instance, expected ip/,
  ),
  serviceRefused(
    'whose container does not exist',
    ({ Blue }) => behind(Blue, { ContainerName: 'web' }),
    /container web does not exist/,
  ),
  serviceRefused('whose container has no such port', ({ Blue }) => behind(Blue, { ContainerPort: 81 }), /container port 81/),
  serviceRefused('in a cluster that does not exist', () => ({ Cluster: 'other' }), /cluster other does not exist/),
  serviceRefused(
    'whose task definition does not exist',
    () => ({ TaskDefinition: 'other:1' }),
    /task definition other:1 does not exist/,
  ),
  serviceRefused(
    'whose Lattice target group does not exist',
    () => ({ VpcLatticeConfigurations: [{ PortName: 'app', RoleArn: roleArn, TargetGroupArn: 'arn:none' }] }),
    /TargetGroup arn:none does not exist/,
  ),
  serviceRefused(
    'whose Lattice port has no such name',
    ({ LatticeGroup }) => ({ VpcLatticeConfigurations: [{ PortName: 'web', RoleArn: roleArn, TargetGroupArn: LatticeGroup }] }),
    /port name web/,
  ),
  serviceRefused(
    'whose Lattice role does not exist',
    ({ LatticeGroup }) => ({ VpcLatticeConfigurations: [{ PortName: 'app', RoleArn: roleArn, TargetGroupArn: LatticeGroup }] }),
    /role .* does not exist/,
  ),
  serviceRefused(
    'whose Cloud Map service does not exist',
    () => ({ ServiceRegistries: [{ RegistryArn: 'arn:none' }] }),
    /Cloud Map service arn:none does not exist/,
  ),
  {
    what: 'ECS: a service that gets a target group which no load balancer reaches',
    given: { ...ecsWorld, Service: ecsService({ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' } }) },
    update: ({ Green }) => ({
      ...ecsWorld,
      Service: ecsService({ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, ...behind(Green) }),
    }),
    at: 'Service',
    reason: /does not have an associated load balancer/,
  },
  {
    what: 'ECS: a task definition whose role does not exist',
    given: { Vpc },
    create: () => ({ Task: taskDefinition({ TaskRoleArn: roleArn }) }),
    at: 'Task',
    reason: /role .* does not exist/,
  },
  {
    what: 'ECS: a task definition whose proxy is no container of it',
    given: { Vpc },
    create: () => ({ Task: taskDefinition({ ProxyConfiguration: { Type: 'APPMESH', ContainerName: 'envoy' } }) }),
    at: 'Task',
    reason: /container envoy does not exist/,
  },
  {
    what: 'ECS: a named service on another launch type',
    given: { ...ecsWorld, Service: ecsService({ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' } }) },
    update: () => ({
      ...ecsWorld,
      Service: ecsService({ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, LaunchType: 'EC2' }),
    }),
    at: 'Service',
    reason: /custom-named resource requires replacing\. Rename .*service/,
  },
  {
    what: 'ECS: a task definition whose container is checked every 4 seconds',
    given: { Vpc },
    create: () => ({
      Task: taskDefinition({
        ContainerDefinitions: [{ Name: 'app', Image: 'app', HealthCheck: { Command: ['CMD', 'true'], Interval: 4 } }],
      }),
    }),
    at: 'Task',
    reason: /container app: got Interval 4, expected 5 to 300/,
  },
  {
    what: 'ECS: the deletion of a cluster that has services',
    given: { Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }) },
    create: ({ Cluster }) => ({ Task: taskDefinition(), Service: ecsService({ Cluster, TaskDefinition: { Ref: 'Task' } }) }),
    thenDelete: true,
    at: 'Cluster',
    reason: /cluster cluster is in use by service service/,
  },
  serviceRefused(
    'on a capacity provider that its cluster does not have',
    () => onSpot,
    /capacity provider that is not associated with the cluster/,
  ),
  serviceRefused(
    'on a launch type and a capacity provider',
    () => ({ ...onSpot, LaunchType: 'FARGATE' }),
    /both a launch type and capacity provider strategy/,
  ),
  {
    what: 'ECS: the deletion of capacity providers on which a service runs',
    given: providedCluster,
    create: ({ Cluster }) => ({ Task: taskDefinition(), Service: spotService(Cluster) }),
    thenDelete: true,
    at: 'Providers',
    reason: /capacity provider FARGATE_SPOT is in use by service service/,
  },
  {
    what: 'ECS: capacity providers without one on which a service runs',
    given: {
      ...providedCluster,
      Task: taskDefinition(),
      Service: { ...spotService({ Ref: 'Cluster' }), DependsOn: 'Providers' },
    },
    update: () => ({
      ...providedCluster,
      Providers: capacityProviders(['FARGATE']),
      Task: taskDefinition(),
      Service: { ...spotService({ Ref: 'Cluster' }), DependsOn: 'Providers' },
    }),
    at: 'Providers',
    reason: /capacity provider FARGATE_SPOT is in use by service service/,
  },
  {
    what: 'Cloud Map: the deletion of a service that has instances',
    given: {
      Namespace: resource('AWS::ServiceDiscovery::HttpNamespace', { Name: 'local' }),
      Found: resource('AWS::ServiceDiscovery::Service', { Name: 'found', NamespaceId: { 'Fn::GetAtt': ['Namespace', 'Id'] } }),
    },
    create: ({ Found }) => ({
      Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
      Task: taskDefinition(),
      Service: ecsService({
        Cluster: { Ref: 'Cluster' },
        TaskDefinition: { Ref: 'Task' },
        ServiceRegistries: [{ RegistryArn: `arn:aws:servicediscovery:us-east-1:123456789012:service/${Found}` }],
      }),
    }),
    thenDelete: true,
    at: 'Found',
    reason: /is in use by instances of service/,
  },
];

// --- VPC Lattice ---

const forward = (targets: readonly [unknown, unknown][]) => ({
  Forward: { TargetGroups: targets.map(([TargetGroupIdentifier, Weight]) => ({ TargetGroupIdentifier, Weight })) },
});
const latticeService = lattice('Service', { AuthType: 'NONE' });
const latticeListener = (ServiceIdentifier: unknown, options: object = {}) =>
  lattice('Listener', {
    ServiceIdentifier,
    Protocol: 'HTTP',
    Port: 80,
    DefaultAction: { FixedResponse: { StatusCode: 404 } },
    ...options,
  });
const latticeRule = (
  ServiceIdentifier: unknown,
  ListenerIdentifier: unknown,
  targets: readonly [unknown, unknown][],
  options: object = {},
) =>
  lattice('Rule', {
    ServiceIdentifier,
    ListenerIdentifier,
    Priority: 100,
    Match: { HttpMatch: { PathMatch: { Match: { Prefix: '/' } } } },
    Action: forward(targets),
    ...options,
  });
const latticeWorld: Resources = {
  Vpc,
  Network: lattice('ServiceNetwork', {}),
  Service: latticeService,
  Listener: latticeListener({ Ref: 'Service' }),
  Blue: latticeGroup(),
  Green: latticeGroup(),
};
const ownRule = (targets: readonly [unknown, unknown][], options?: object) =>
  latticeRule({ Ref: 'Service' }, { Ref: 'Listener' }, targets, options);
const latticeRuleRefused = (
  what: string,
  targets: (given: Refs) => readonly [unknown, unknown][],
  reason: RegExp,
  options?: object,
): Refusal[] => [
  {
    what: `Lattice: a rule with ${what}`,
    given: latticeWorld,
    create: (given) => ({ Rule: latticeRule(given.Service, given.Listener, targets(given), options) }),
    at: 'Rule',
    reason,
  },
  {
    what: `Lattice: a rule that gets ${what}`,
    given: { ...latticeWorld, Rule: ownRule([[{ Ref: 'Blue' }, 1]]) },
    update: (given) => ({ ...latticeWorld, Rule: ownRule(targets(given), options) }),
    at: 'Rule',
    reason,
  },
];
const association = (type: 'Vpc' | 'Service', ServiceNetworkIdentifier: unknown, options: object) =>
  lattice(`ServiceNetwork${type}Association`, { ServiceNetworkIdentifier, ...options });
const latticeCreate = (what: string, resources: (given: Refs) => Resources, at: string, reason: RegExp): Refusal => ({
  what: `Lattice: ${what}`,
  given: latticeWorld,
  create: resources,
  at,
  reason,
});
const vpcLattice: Refusal[] = [
  ...latticeRuleRefused('a weight of 1000', ({ Blue }) => [[Blue, 1000]], /weight 1000/),
  ...latticeRuleRefused(
    'a weight of -1',
    ({ Blue, Green }) => [
      [Blue, -1],
      [Green, 1],
    ],
    /weight -1/,
  ),
  ...latticeRuleRefused(
    'weights that sum to 0',
    ({ Blue, Green }) => [
      [Blue, 0],
      [Green, 0],
    ],
    /sum to 0/,
  ),
  ...latticeRuleRefused('eleven target groups', ({ Blue }) => Array(11).fill([Blue, 1]), /11 targets/),
  ...latticeRuleRefused('a target group that does not exist', () => [['tg-none', 1]], /TargetGroup tg-none does not exist/),
  ...latticeRuleRefused('priority 2001', ({ Blue }) => [[Blue, 1]], /priority 2001/, { Priority: 2001 }),
  latticeCreate(
    'a rule of a service that does not exist',
    ({ Listener, Blue }) => ({ Rule: latticeRule('svc-none', Listener, [[Blue, 1]]) }),
    'Rule',
    /Service svc-none does not exist/,
  ),
  latticeCreate(
    'a rule on a listener that does not exist',
    ({ Service, Blue }) => ({ Rule: latticeRule(Service, 'listener-none', [[Blue, 1]]) }),
    'Rule',
    /Listener listener-none does not exist/,
  ),
  {
    what: 'Lattice: two rules of one priority',
    given: { ...latticeWorld, Rule: ownRule([[{ Ref: 'Blue' }, 1]]) },
    create: ({ Service, Listener, Green }) => ({ Second: latticeRule(Service, Listener, [[Green, 1]]) }),
    at: 'Second',
    reason: /priority 100 is in use/,
  },
  {
    what: 'Lattice: a target group of two services',
    given: { ...latticeWorld, Rule: ownRule([[{ Ref: 'Blue' }, 1]]) },
    create: ({ Blue }) => ({
      Service2: latticeService,
      Listener2: latticeListener({ Ref: 'Service2' }),
      Rule2: latticeRule({ Ref: 'Service2' }, { Ref: 'Listener2' }, [[Blue, 1]]),
    }),
    at: 'Rule2',
    reason: /can have one only/,
  },
  latticeCreate(
    'a listener of a service that does not exist',
    () => ({ Second: latticeListener('svc-none') }),
    'Second',
    /Service svc-none does not exist/,
  ),
  latticeCreate(
    'two listeners on one port',
    ({ Service }) => ({ Second: latticeListener(Service) }),
    'Second',
    /port 80 is in use/,
  ),
  latticeCreate(
    'a listener that answers 200 by itself',
    ({ Service }) => ({ Second: latticeListener(Service, { Port: 81, DefaultAction: { FixedResponse: { StatusCode: 200 } } }) }),
    'Second',
    /status code 200, expected 404 or 500/,
  ),
  latticeCreate(
    'a listener of an unknown protocol',
    ({ Service }) => ({ Second: latticeListener(Service, { Port: 81, Protocol: 'UDP' }) }),
    'Second',
    /protocol UDP/,
  ),
  latticeCreate(
    'a target group in a VPC that does not exist',
    () => ({ Group: latticeGroup({ Config: { Port: 80, Protocol: 'HTTP', VpcIdentifier: 'vpc-none' } }) }),
    'Group',
    /VPC vpc-none does not exist/,
  ),
  latticeCreate(
    'a target group of an unknown type',
    ({ Vpc: VpcIdentifier }) => ({ Group: latticeGroup({ Type: 'TASK', Config: { VpcIdentifier } }) }),
    'Group',
    /type TASK/,
  ),
  {
    what: 'Lattice: a named target group that changes its port',
    given: { Vpc, Named: latticeGroup({ Name: 'named' }) },
    update: () => ({
      Vpc,
      Named: latticeGroup({ Name: 'named', Config: { Port: 81, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Vpc' } } }),
    }),
    at: 'Named',
    reason: /custom-named resource requires replacing/,
  },
  {
    what: 'Lattice: a listener that changes its protocol and keeps its port',
    given: latticeWorld,
    update: () => ({ ...latticeWorld, Listener: latticeListener({ Ref: 'Service' }, { Protocol: 'HTTPS' }) }),
    at: 'Listener',
    reason: /port 80 is in use/,
  },
  latticeCreate(
    'a target group with checks every 4 seconds',
    ({ Vpc: VpcIdentifier }) => ({
      Group: latticeGroup({
        Config: { Port: 80, Protocol: 'HTTP', VpcIdentifier, HealthCheck: { HealthCheckIntervalSeconds: 4 } },
      }),
    }),
    'Group',
    /HealthCheckIntervalSeconds 4, expected 5 to 300/,
  ),
  latticeCreate('a name with capitals', () => ({ Named: lattice('Service', { Name: 'Sample' }) }), 'Named', /name Sample/),
  latticeCreate('a name that is too short', () => ({ Named: lattice('ServiceNetwork', { Name: 'sn' }) }), 'Named', /name sn/),
  latticeCreate(
    'a reserved name',
    () => ({ Named: lattice('Service', { Name: 'svc-mine' }) }),
    'Named',
    /not starting with svc-/,
  ),
  {
    what: 'Lattice: a name that is taken',
    given: { Named: lattice('Service', { Name: 'sample' }) },
    create: () => ({ Named: lattice('Service', { Name: 'sample' }) }),
    at: 'Named',
    reason: /Service sample already exists/,
  },
  latticeCreate(
    'a VPC in a service network that does not exist',
    ({ Vpc: VpcIdentifier }) => ({ Association: association('Vpc', 'sn-none', { VpcIdentifier }) }),
    'Association',
    /ServiceNetwork sn-none does not exist/,
  ),
  latticeCreate(
    'a VPC that does not exist in a service network',
    ({ Network }) => ({ Association: association('Vpc', Network, { VpcIdentifier: 'vpc-none' }) }),
    'Association',
    /VPC vpc-none does not exist/,
  ),
  latticeCreate(
    'a VPC association with a security group that does not exist',
    ({ Network, Vpc: VpcIdentifier }) => ({
      Association: association('Vpc', Network, { VpcIdentifier, SecurityGroupIds: ['sg-none'] }),
    }),
    'Association',
    /security group sg-none does not exist/,
  ),
  latticeCreate(
    'a VPC association with six security groups',
    ({ Network, Vpc: VpcIdentifier }) => ({
      Association: association('Vpc', Network, { VpcIdentifier, SecurityGroupIds: Array(6).fill('sg') }),
    }),
    'Association',
    /6 security groups/,
  ),
  {
    what: 'Lattice: a VPC in two service networks',
    given: { ...latticeWorld, First: association('Vpc', { Ref: 'Network' }, { VpcIdentifier: { Ref: 'Vpc' } }) },
    create: ({ Vpc: VpcIdentifier }) => ({
      Other: lattice('ServiceNetwork', {}),
      Second: association('Vpc', { Ref: 'Other' }, { VpcIdentifier }),
    }),
    at: 'Second',
    reason: /can be in one service network only/,
  },
  latticeCreate(
    'a service that does not exist in a service network',
    ({ Network }) => ({ Association: association('Service', Network, { ServiceIdentifier: 'svc-none' }) }),
    'Association',
    /Service svc-none does not exist/,
  ),
  latticeCreate(
    'an auth policy of nothing',
    () => ({ Policy: lattice('AuthPolicy', { ResourceIdentifier: 'svc-none', Policy: {} }) }),
    'Policy',
    /service network or service svc-none does not exist/,
  ),
  {
    what: 'Lattice: two auth policies of one service',
    given: { ...latticeWorld, Policy: lattice('AuthPolicy', { ResourceIdentifier: { Ref: 'Service' }, Policy: {} }) },
    create: ({ Service }) => ({ Second: lattice('AuthPolicy', { ResourceIdentifier: Service, Policy: {} }) }),
    at: 'Second',
    reason: /auth policy of .* already exists/,
  },
  latticeCreate(
    'access logs to a log group that does not exist',
    ({ Network }) => ({
      Logs: lattice('AccessLogSubscription', {
        ResourceIdentifier: Network,
        DestinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:none:*',
      }),
    }),
    'Logs',
    /log group .* does not exist/,
  ),
  {
    what: 'Lattice: the deletion of a target group that a rule uses',
    given: { Vpc, Group: latticeGroup() },
    create: ({ Group }) => ({
      Service: latticeService,
      Listener: latticeListener({ Ref: 'Service' }),
      Rule: ownRule([[Group, 1]]),
    }),
    thenDelete: true,
    at: 'Group',
    reason: /tg-\w+ is in use by rule-/,
  },
  {
    what: 'Lattice: the deletion of a service that is in a service network',
    given: { Service: latticeService },
    create: ({ Service }) => ({
      Network: lattice('ServiceNetwork', {}),
      Association: association('Service', { Ref: 'Network' }, { ServiceIdentifier: Service }),
    }),
    thenDelete: true,
    at: 'Service',
    reason: /svc-\w+ is in use by snsa-/,
  },
  {
    what: 'Lattice: the deletion of a service network that has VPCs',
    given: { Network: lattice('ServiceNetwork', {}) },
    create: ({ Network }) => ({ Vpc, Association: association('Vpc', Network, { VpcIdentifier: { Ref: 'Vpc' } }) }),
    thenDelete: true,
    at: 'Network',
    reason: /sn-\w+ is in use by snva-/,
  },
];

// --- security groups, alarms ---

const metric = (Id: string, options: object) => ({ Id, ReturnData: false, ...options });
const metricStat = { MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum' } };
const alarm = (Metrics: readonly object[], options: object = {}) =>
  resource('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 1,
    Metrics,
    ...options,
  });
const alarmRefused = (what: string, metrics: readonly object[], reason: RegExp, options?: object): Refusal => ({
  what: `CloudWatch: an alarm ${what}`,
  given: { Vpc },
  create: () => ({ Alarm: alarm(metrics, options) }),
  at: 'Alarm',
  reason,
});
const httpFrom = (GroupId: unknown, options: object) =>
  resource('AWS::EC2::SecurityGroupIngress', {
    GroupId,
    CidrIp: '10.0.0.0/16',
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    ...options,
  });
const namedGroup = (GroupName: string, VpcId: unknown, options: object = {}) =>
  resource('AWS::EC2::SecurityGroup', { GroupDescription: 'group', GroupName, VpcId, ...options });
const namespace = resource('AWS::ServiceDiscovery::HttpNamespace', { Name: 'local' });
const found = (HealthCheckCustomConfig: object) =>
  resource('AWS::ServiceDiscovery::Service', {
    Name: 'found',
    NamespaceId: { 'Fn::GetAtt': ['Namespace', 'Id'] },
    HealthCheckCustomConfig,
  });
const tagsRefused = (what: string, Tags: readonly object[], reason: RegExp): Refusal[] => [
  { what: `tags: ${what}, of what is made`, given: { Vpc }, create: () => ({ Group: taggedGroup(Tags) }), at: 'Group', reason },
  {
    what: `tags: ${what}, of what is there`,
    given: { Group: taggedGroup([]) },
    update: () => ({ Group: taggedGroup(Tags) }),
    at: 'Group',
    reason,
  },
];
const taggedGroup = (Tags: readonly object[]) => resource('AWS::Logs::LogGroup', { Tags });
// --- Domain names ---

const Zone = resource('AWS::Route53::HostedZone', { Name: 'example.com' });
const inZone = { Ref: 'Zone' };
const certificateFor = (DomainName: string, HostedZoneId: unknown = inZone) =>
  resource('AWS::CertificateManager::Certificate', {
    DomainName,
    ValidationMethod: 'DNS',
    DomainValidationOptions: [{ DomainName, HostedZoneId }],
  });
const record = (Name: string, HostedZoneId: unknown = inZone) =>
  resource('AWS::Route53::RecordSet', {
    Name,
    Type: 'A',
    HostedZoneId,
    AliasTarget: { DNSName: 'dualstack.balancer.example', HostedZoneId: 'Z35SXDOTRQ7X7K' },
  });
const encrypted = (LoadBalancerArn: unknown, CertificateArn?: unknown) =>
  resource('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn,
    Port: 443,
    Protocol: 'HTTPS',
    DefaultActions: [fixed],
    ...(CertificateArn === undefined ? {} : { Certificates: [{ CertificateArn }] }),
  });
const noCertificate = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';
const named = (CustomDomainName: string | undefined, CertificateArn?: unknown) =>
  resource('AWS::VpcLattice::Service', { CustomDomainName, CertificateArn });

const domainNames: readonly Refusal[] = [
  {
    what: 'ACM: a certificate that is to be proved in a zone that does not exist',
    given: { Zone },
    create: () => ({ Certificate: certificateFor('shop.example.com', 'Z0000000000000') }),
    at: 'Certificate',
    reason: /No hosted zone found with ID: Z0000000000000 .*NoSuchHostedZone/,
  },
  {
    what: 'ACM: a certificate for a name that is not in the zone',
    given: { Zone },
    create: ({ Zone: zone }) => ({ Certificate: certificateFor('shop.example.org', zone) }),
    at: 'Certificate',
    reason: /shop\.example\.org\. is not permitted in zone example\.com\./,
  },
  {
    what: 'ACM: the deletion of a certificate that a listener has',
    given: { Zone, Certificate: certificateFor('shop.example.com') },
    create: ({ Certificate }) => ({ Balancer: balancer, Listener: encrypted({ Ref: 'Balancer' }, Certificate) }),
    thenDelete: true,
    at: 'Certificate',
    reason: /is in use .*ResourceInUseException/,
  },
  {
    what: 'Route 53: a record in a zone that does not exist',
    given: { Zone },
    create: () => ({ Record: record('shop.example.com', 'Z0000000000000') }),
    at: 'Record',
    reason: /NoSuchHostedZone/,
  },
  {
    what: 'Route 53: a record that is not in its zone',
    given: { Zone },
    create: ({ Zone: zone }) => ({ Record: record('example.org', zone) }),
    at: 'Record',
    reason: /example\.org\. is not permitted in zone example\.com\./,
  },
  {
    what: 'Route 53: a record that is there already',
    given: { Zone, Record: record('shop.example.com') },
    create: ({ Zone: zone }) => ({ Other: record('shop.example.com', zone) }),
    at: 'Other',
    reason: /Tried to create resource record set \[name='shop\.example\.com\.', type='A'\] but it already exists/,
  },
  {
    what: 'Route 53: a record that is to become one that is there already',
    given: { Zone, Record: record('shop.example.com'), Other: { ...record('cart.example.com'), DependsOn: 'Record' } },
    update: () => ({ Zone, Record: record('shop.example.com'), Other: { ...record('shop.example.com'), DependsOn: 'Record' } }),
    at: 'Other',
    reason: /already exists/,
  },
  {
    what: 'load balancer: HTTPS without a certificate',
    given: { Balancer: balancer },
    create: ({ Balancer }) => ({ Listener: encrypted(Balancer) }),
    at: 'Listener',
    reason: /A certificate must be specified for HTTPS listeners/,
  },
  {
    what: 'load balancer: a certificate that does not exist',
    given: { Balancer: balancer },
    create: ({ Balancer }) => ({ Listener: encrypted(Balancer, noCertificate) }),
    at: 'Listener',
    reason: /certificate .* does not exist/,
  },
  {
    what: 'load balancer: an access log in a bucket that lets it not write',
    given: { Bucket: resource('AWS::S3::Bucket') },
    create: ({ Bucket }) => ({
      Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        Type: 'application',
        LoadBalancerAttributes: [
          { Key: 'access_logs.s3.enabled', Value: 'true' },
          { Key: 'access_logs.s3.bucket', Value: Bucket },
        ],
      }),
    }),
    at: 'Balancer',
    reason: /Access Denied for bucket: .*InvalidConfigurationRequest/,
  },
  {
    what: 'VPC Lattice: a certificate for another name',
    given: { Zone, Certificate: certificateFor('cart.example.com') },
    create: ({ Certificate }) => ({ Service: named('shop.example.com', Certificate) }),
    at: 'Service',
    reason: /does not match the custom domain name shop\.example\.com/,
  },
  {
    what: 'VPC Lattice: a certificate without a name',
    given: { Zone, Certificate: certificateFor('cart.example.com') },
    create: ({ Certificate }) => ({ Service: named(undefined, Certificate) }),
    at: 'Service',
    reason: /does not match/,
  },
  {
    what: 'VPC Lattice: a certificate that does not exist',
    given: { Zone },
    create: () => ({ Service: named('shop.example.com', noCertificate) }),
    at: 'Service',
    reason: /certificate .* does not exist/,
  },
  {
    what: 'VPC Lattice: the deletion of a certificate that a service has',
    given: { Zone, Certificate: certificateFor('shop.example.com') },
    create: ({ Certificate }) => ({ Service: named('shop.example.com', Certificate) }),
    thenDelete: true,
    at: 'Certificate',
    reason: /is in use/,
  },
  {
    what: 'VPC Lattice: two services of one name in a network',
    given: {
      Network: resource('AWS::VpcLattice::ServiceNetwork'),
      One: named('shop.example.com'),
      OneInIt: resource('AWS::VpcLattice::ServiceNetworkServiceAssociation', {
        ServiceNetworkIdentifier: { Ref: 'Network' },
        ServiceIdentifier: { Ref: 'One' },
      }),
    },
    create: ({ Network }) => ({
      Other: named('shop.example.com'),
      OtherInIt: resource('AWS::VpcLattice::ServiceNetworkServiceAssociation', {
        ServiceNetworkIdentifier: Network,
        ServiceIdentifier: { Ref: 'Other' },
      }),
    }),
    at: 'OtherInIt',
    reason: /custom domain name shop\.example\.com in sn-\w+ is in use by svc-/,
  },
];

const others: Refusal[] = [
  {
    what: 'EC2: a rule of a security group that does not exist',
    given: { Vpc, Group: group() },
    create: ({ Group }) => ({ Ingress: ingress('sg-none', Group as string) }),
    at: 'Ingress',
    reason: /security group sg-none does not exist/,
  },
  {
    what: 'EC2: a rule that admits a security group that does not exist',
    given: { Vpc, Group: group() },
    create: ({ Group }) => ({ Ingress: ingress(Group as string, 'sg-none') }),
    at: 'Ingress',
    reason: /security group sg-none does not exist/,
  },
  {
    what: 'EC2: a rule that is there already',
    given: { Vpc, Group: group(), Ingress: httpFrom({ Ref: 'Group' }, { Description: 'one' }) },
    create: ({ Group }) => ({ Second: httpFrom(Group, { Description: 'other' }) }),
    at: 'Second',
    reason: /already exists.*InvalidPermission.Duplicate/,
  },
  {
    what: 'EC2: the name of a security group that is taken in the VPC',
    given: { Vpc, Group: namedGroup('taken', { Ref: 'Vpc' }) },
    create: ({ Vpc: VpcId }) => ({ Second: namedGroup('taken', VpcId) }),
    at: 'Second',
    reason: /security group 'taken' already exists for VPC .*InvalidGroup.Duplicate/,
  },
  {
    what: 'EC2: another description of a named security group',
    given: { Vpc, Group: namedGroup('named', { Ref: 'Vpc' }) },
    update: () => ({ Vpc, Group: namedGroup('named', { Ref: 'Vpc' }, { GroupDescription: 'another' }) }),
    at: 'Group',
    reason: /custom-named resource requires replacing/,
  },
  {
    what: 'CloudWatch Logs: a log group that is there already',
    given: { Log: resource('AWS::Logs::LogGroup', { LogGroupName: '/taken' }) },
    create: () => ({ Second: resource('AWS::Logs::LogGroup', { LogGroupName: '/taken' }) }),
    at: 'Second',
    reason: /The specified log group already exists/,
  },
  {
    what: 'CloudWatch: the name of an alarm that is taken',
    given: { Alarm: alarm([metric('a', { ...metricStat, ReturnData: true })], { AlarmName: 'taken' }) },
    create: () => ({ Second: alarm([metric('a', { ...metricStat, ReturnData: true })], { AlarmName: 'taken' }) }),
    at: 'Second',
    reason: /taken already exists/,
  },
  {
    what: 'Cloud Map: another health check of a service, which has a name',
    given: { Namespace: namespace, Found: found({ FailureThreshold: 1 }) },
    update: () => ({ Namespace: namespace, Found: found({ FailureThreshold: 2 }) }),
    at: 'Found',
    reason: /custom-named resource requires replacing/,
  },
  ...tagsRefused(
    '51 of them',
    Array.from({ length: 51 }, (_, index) => ({ Key: `${index}`, Value: '' })),
    /tags: got 51/,
  ),
  ...tagsRefused('a reserved key', [{ Key: 'aws:mine', Value: '' }], /reserved/),
  ...tagsRefused('a key of 129 characters', [{ Key: 'k'.repeat(129), Value: '' }], /key of 129 characters/),
  ...tagsRefused('a value of 257 characters', [{ Key: 'k', Value: 'v'.repeat(257) }], /value of 257 characters/),
  {
    what: 'EC2: the deletion of a security group that a rule of another admits',
    given: { Vpc, Group: group() },
    create: ({ Group, Vpc: VpcId }) => ({
      Other: group(VpcId),
      Ingress: resource('AWS::EC2::SecurityGroupIngress', {
        GroupId: { Ref: 'Other' },
        SourceSecurityGroupId: Group,
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
      }),
    }),
    thenDelete: true,
    at: 'Group',
    reason: /security group .* is in use by a rule of/,
  },
  {
    what: 'EC2: the deletion of a security group that a service has',
    given: { Vpc, Group: group() },
    create: ({ Group }) => ({
      Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
      Task: taskDefinition(),
      Service: ecsService({
        Cluster: { Ref: 'Cluster' },
        TaskDefinition: { Ref: 'Task' },
        NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [Group], Subnets: ['subnet-1'] } },
      }),
    }),
    thenDelete: true,
    at: 'Group',
    reason: /is in use by service service/,
  },
  {
    what: 'EC2: the deletion of a security group that a load balancer has',
    given: { Vpc, Group: group() },
    create: ({ Group }) => ({ Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [Group] }) }),
    thenDelete: true,
    at: 'Group',
    reason: /is in use by load balancer/,
  },
  alarmRefused(
    'on two results',
    [metric('a', { ...metricStat, ReturnData: true }), metric('b', { ...metricStat, ReturnData: true })],
    /2 metrics that return data/,
  ),
  alarmRefused(
    'with two metrics of one id',
    [metric('a', { ...metricStat, ReturnData: true }), metric('a', metricStat)],
    /metric ids a, a/,
  ),
  alarmRefused(
    'on an expression of unknown metrics',
    [metric('a', metricStat), metric('e', { Expression: '100 * b / a', ReturnData: true })],
    /names b/,
  ),
  alarmRefused('with a metric that is nothing', [metric('a', { ReturnData: true })], /either an Expression or a MetricStat/),
  alarmRefused('on one metric and on several', [metric('a', { ...metricStat, ReturnData: true })], /expected one of them/, {
    MetricName: 'M',
  }),
  alarmRefused('without a threshold', [metric('a', { ...metricStat, ReturnData: true })], /Threshold: got none/, {
    Threshold: undefined,
  }),
];

describe('the emulator refuses what AWS refuses', () => {
  const on = emulatorOfBlock();

  test.each([...appMesh, ...loadBalancer, ...ecs, ...vpcLattice, ...domainNames, ...others])(
    '$what',
    async ({ given, create, update, thenDelete, at, reason }) => {
      const before = await on.stacks.create('given', given);
      expect(before).toMatchObject({ status: 'CREATE_COMPLETE', failures: {} });

      if (update) {
        const { status, failures } = await on.stacks.update('given', update(before.refs));
        expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(failures).toEqual({ [at]: expect.stringMatching(reason) });
      }
      if (create) {
        const { status, failures } = await on.stacks.create('second', create(before.refs));
        expect(status).toBe(thenDelete ? 'CREATE_COMPLETE' : 'ROLLBACK_COMPLETE');
        expect(failures).toEqual(thenDelete ? {} : { [at]: expect.stringMatching(reason) });
      }
      if (thenDelete) {
        const { status, failures } = await on.stacks.delete('given');
        expect(status).toBe('DELETE_FAILED');
        expect(failures[at]).toMatch(reason);
      }
      // A refusal leaves no trace, and what was refused goes through when its cause is gone.
      if (create) {
        expect(await on.stacks.delete('second')).toMatchObject({ status: 'DELETE_COMPLETE' });
      }
      expect(await on.stacks.delete('given')).toMatchObject({ status: 'DELETE_COMPLETE', failures: {} });
      expect(await on.emulator.resources()).toEqual([]);
    },
  );
});
