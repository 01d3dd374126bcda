import type { PlaneName } from '../../lib/release/plane-limits';
import type { Resources } from './emulator/stacks';

// Stacks of two services each, blue and green, that get requests.

const resource = (Type: string, Properties: object = {}, options: object = {}) => ({ Type, Properties, ...options });
const ref = (logicalId: string) => ({ Ref: logicalId });
const attribute = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

/** A shop. */
export interface Shop {
  /** What its names begin with. */
  readonly name: string;

  /** Weight of green, in percent. @default 50 */
  readonly weight?: number;

  /** ARN of a listener of another stack, where it answers at `NAME.example.com`. @default - one of its own */
  readonly listener?: string;

  /** Of its rule, on a load balancer. @default 10 */
  readonly priority?: number;

  /** @default - `example/shop:blue` and `example/shop:green` */
  readonly images?: { readonly Blue?: string; readonly Green?: string };

  /** More properties of its containers. */
  readonly container?: object;

  /** More properties of its task definitions. */
  readonly task?: object;

  /** More properties of its services. */
  readonly service?: object;
}

/** The stack of a shop on a plane. */
export function shop(plane: PlaneName, options: Shop): Resources {
  return { ...ways[plane](options), ...slot('Blue', plane, options), ...slot('Green', plane, options) };
}

const ways: Readonly<Record<PlaneName, (options: Shop) => Resources>> = {
  'load-balancer': ({ weight = 50, name, listener, priority = 10 }) => ({
    ...shared(name),
    ...(listener === undefined ? balancer() : {}),
    ...groupsBehind({
      listener: listener ?? ref('Listener'),
      priority,
      weight,
      condition:
        listener === undefined
          ? { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }
          : { Field: 'host-header', HostHeaderConfig: { Values: [`${name}.example.com`] } },
    }),
  }),
  lattice: ({ weight = 50, name }) => ({
    ...shared(name),
    Role: resource('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    }),
    Way: resource('AWS::VpcLattice::Service', { AuthType: 'NONE' }),
    Listener: resource('AWS::VpcLattice::Listener', {
      ServiceIdentifier: ref('Way'),
      Port: 80,
      Protocol: 'HTTP',
      DefaultAction: { FixedResponse: { StatusCode: 404 } },
    }),
    BlueGroup: latticeGroup,
    GreenGroup: latticeGroup,
    Rule: resource('AWS::VpcLattice::Rule', {
      ServiceIdentifier: ref('Way'),
      ListenerIdentifier: attribute('Listener', 'Id'),
      Priority: 10,
      Match: { HttpMatch: { PathMatch: { Match: { Prefix: '/' } } } },
      Action: {
        Forward: {
          TargetGroups: [
            { TargetGroupIdentifier: ref('BlueGroup'), Weight: 100 - weight },
            { TargetGroupIdentifier: ref('GreenGroup'), Weight: weight },
          ],
        },
      },
    }),
  }),
  'app-mesh': ({ weight = 50, name }) => {
    const mesh = { MeshName: attribute('Mesh', 'MeshName') };
    const Listeners = [{ PortMapping: { Port: 8080, Protocol: 'http' } }];
    const node = (id: 'Blue' | 'Green') =>
      resource('AWS::AppMesh::VirtualNode', {
        ...mesh,
        Spec: {
          Listeners: [{ ...Listeners[0], HealthCheck: { Protocol: 'http', Path: '/health', ...meshCheck } }],
          ServiceDiscovery: {
            AWSCloudMap: {
              NamespaceName: `${name}.local`,
              ServiceName: id,
              Attributes: [{ Key: 'ECS_SERVICE_NAME', Value: `${name}-${id}` }],
            },
          },
        },
      });
    return {
      ...shared(name),
      Mesh: resource('AWS::AppMesh::Mesh', { MeshName: name }),
      BlueNode: node('Blue'),
      GreenNode: node('Green'),
      Router: resource('AWS::AppMesh::VirtualRouter', { ...mesh, Spec: { Listeners } }),
      Rule: resource('AWS::AppMesh::Route', {
        ...mesh,
        VirtualRouterName: attribute('Router', 'VirtualRouterName'),
        Spec: {
          HttpRoute: {
            Match: { Prefix: '/' },
            Action: {
              WeightedTargets: [
                { VirtualNode: attribute('BlueNode', 'VirtualNodeName'), Weight: 100 - weight },
                { VirtualNode: attribute('GreenNode', 'VirtualNodeName'), Weight: weight },
              ],
            },
          },
        },
      }),
      Way: resource('AWS::AppMesh::VirtualService', {
        ...mesh,
        VirtualServiceName: `${name}.local`,
        Spec: { Provider: { VirtualRouter: { VirtualRouterName: attribute('Router', 'VirtualRouterName') } } },
      }),
    };
  },
};

const meshCheck = { IntervalMillis: 5000, TimeoutMillis: 2000, HealthyThreshold: 2, UnhealthyThreshold: 2 };
const latticeGroup = resource('AWS::VpcLattice::TargetGroup', {
  Type: 'IP',
  Config: {
    Port: 8080,
    Protocol: 'HTTP',
    ProtocolVersion: 'HTTP1',
    VpcIdentifier: ref('Vpc'),
    HealthCheck: {
      Enabled: true,
      Path: '/health',
      Protocol: 'HTTP',
      ProtocolVersion: 'HTTP1',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
    },
  },
});

/** A load balancer with a listener that answers 503 by itself. */
export function balancer(): Resources {
  return {
    Way: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' }),
    Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: ref('Way'),
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    }),
  };
}

/** Two target groups, and a rule that leads to them. */
function groupsBehind(options: {
  readonly listener: unknown;
  readonly priority: number;
  readonly weight: number;
  readonly condition: object;
}): Resources {
  const group = resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    VpcId: ref('Vpc'),
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: '200' },
  });
  return {
    BlueGroup: group,
    GreenGroup: group,
    Rule: resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
      ListenerArn: options.listener,
      Priority: options.priority,
      Conditions: [options.condition],
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: ref('BlueGroup'), Weight: 100 - options.weight },
              { TargetGroupArn: ref('GreenGroup'), Weight: options.weight },
            ],
          },
        },
      ],
    }),
  };
}

function shared(name: string): Resources {
  return {
    Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
    Cluster: resource('AWS::ECS::Cluster', { ClusterName: name }),
  };
}

function slot(
  id: 'Blue' | 'Green',
  plane: PlaneName,
  { name, images = {}, container = {}, task = {}, service = {} }: Shop,
): Resources {
  const { Environment = [], ...others } = container as { readonly Environment?: readonly object[] };
  const behind: Readonly<Record<PlaneName, object>> = {
    'load-balancer': { LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: ref(`${id}Group`) }] },
    lattice: {
      VpcLatticeConfigurations: [{ TargetGroupArn: ref(`${id}Group`), PortName: 'app', RoleArn: attribute('Role', 'Arn') }],
    },
    'app-mesh': {},
  };
  return {
    [`${id}Task`]: resource('AWS::ECS::TaskDefinition', {
      Family: `${name}-${id}`,
      RequiresCompatibilities: ['FARGATE'],
      NetworkMode: 'awsvpc',
      Cpu: '256',
      Memory: '512',
      ContainerDefinitions: [
        {
          Name: 'app',
          Image: images[id] ?? `example/shop:${id.toLowerCase()}`,
          PortMappings: [{ ContainerPort: 8080, Name: 'app' }],
          ...others,
          Environment: [{ Name: 'SLOT', Value: id.toLowerCase() }, ...Environment],
        },
      ],
      ...task,
    }),
    [id]: resource(
      'AWS::ECS::Service',
      {
        ServiceName: `${name}-${id}`,
        Cluster: ref('Cluster'),
        TaskDefinition: ref(`${id}Task`),
        LaunchType: 'FARGATE',
        DesiredCount: 1,
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        ...behind[plane],
        ...service,
      },
      { DependsOn: ['Rule', ...(plane === 'app-mesh' ? ['Way', `${id}Node`] : [])] },
    ),
  };
}
