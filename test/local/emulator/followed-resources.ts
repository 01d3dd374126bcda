import type { Resources } from './stacks';

// Small stacks of what is followed: one for each traffic plane, and one with a service.

const resource = (Type: string, Properties: object = {}, options: object = {}) => ({ Type, Properties, ...options });
const ref = (logicalId: string) => ({ Ref: logicalId });
const attribute = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

const Vpc = resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });

/** @param weight of green, in percent */
export function loadBalancer(weight: number): Resources {
  const targetGroup = resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    VpcId: ref('Vpc'),
  });
  return {
    Vpc,
    Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' }),
    Blue: targetGroup,
    Green: targetGroup,
    Unused: targetGroup,
    Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: ref('Balancer'),
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    }),
    Rule: resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
      ListenerArn: ref('Listener'),
      Priority: 10,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: ref('Blue'), Weight: 100 - weight },
              { TargetGroupArn: ref('Green'), Weight: weight },
            ],
          },
        },
      ],
    }),
  };
}

/** @param weight of green, in percent */
export function lattice(weight: number): Resources {
  const targetGroup = resource('AWS::VpcLattice::TargetGroup', {
    Type: 'IP',
    Config: { Port: 8080, Protocol: 'HTTP', VpcIdentifier: ref('Vpc') },
  });
  return {
    Vpc,
    LatticeService: resource('AWS::VpcLattice::Service'),
    Blue: targetGroup,
    Green: targetGroup,
    Unused: targetGroup,
    Listener: resource('AWS::VpcLattice::Listener', {
      ServiceIdentifier: ref('LatticeService'),
      Port: 80,
      Protocol: 'HTTP',
      DefaultAction: { FixedResponse: { StatusCode: 404 } },
    }),
    Rule: resource('AWS::VpcLattice::Rule', {
      ServiceIdentifier: ref('LatticeService'),
      ListenerIdentifier: attribute('Listener', 'Id'),
      Priority: 10,
      Match: { HttpMatch: { PathMatch: { Match: { Prefix: '/' } } } },
      Action: {
        Forward: {
          TargetGroups: [
            { TargetGroupIdentifier: ref('Blue'), Weight: 100 - weight },
            { TargetGroupIdentifier: attribute('Green', 'Id'), Weight: weight },
          ],
        },
      },
    }),
  };
}

/** @param weight of green, in percent */
export function appMesh(weight: number): Resources {
  const mesh = { MeshName: attribute('Mesh', 'MeshName') };
  const Listeners = [{ PortMapping: { Port: 8080, Protocol: 'http' } }];
  const nodeName = (logicalId: string) => attribute(logicalId, 'VirtualNodeName');
  return {
    Mesh: resource('AWS::AppMesh::Mesh'),
    Blue: resource('AWS::AppMesh::VirtualNode', { ...mesh, Spec: { Listeners } }),
    Green: resource('AWS::AppMesh::VirtualNode', { ...mesh, Spec: { Listeners } }),
    Router: resource('AWS::AppMesh::VirtualRouter', { ...mesh, Spec: { Listeners } }),
    Route: resource('AWS::AppMesh::Route', {
      ...mesh,
      VirtualRouterName: attribute('Router', 'VirtualRouterName'),
      Spec: {
        HttpRoute: {
          Match: { Prefix: '/' },
          Action: {
            WeightedTargets: [
              { VirtualNode: nodeName('Blue'), Weight: 100 - weight },
              { VirtualNode: nodeName('Green'), Weight: weight },
            ],
          },
        },
      },
    }),
    MeshService: resource('AWS::AppMesh::VirtualService', {
      ...mesh,
      VirtualServiceName: 'shop.local',
      Spec: { Provider: { VirtualRouter: { VirtualRouterName: attribute('Router', 'VirtualRouterName') } } },
    }),
    Gateway: resource('AWS::AppMesh::VirtualGateway', { ...mesh, Spec: { Listeners } }),
    GatewayRoute: resource('AWS::AppMesh::GatewayRoute', {
      ...mesh,
      VirtualGatewayName: attribute('Gateway', 'VirtualGatewayName'),
      Spec: {
        HttpRoute: {
          Match: { Prefix: '/' },
          Action: { Target: { VirtualService: { VirtualServiceName: attribute('MeshService', 'VirtualServiceName') } } },
        },
      },
    }),
  };
}

/** A service of tasks. */
export function service(options: object = {}, container: object = {}, task: object = {}): Resources {
  return {
    Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
    Task: resource('AWS::ECS::TaskDefinition', {
      Family: 'task',
      RequiresCompatibilities: ['FARGATE'],
      NetworkMode: 'awsvpc',
      Cpu: '256',
      Memory: '512',
      ContainerDefinitions: [
        { Name: 'app', Image: 'app', PortMappings: [{ ContainerPort: 8080, Name: 'app' }], ...container },
        { Name: 'aside', Image: 'aside' },
      ],
      ...task,
    }),
    Service: resource('AWS::ECS::Service', {
      Cluster: ref('Cluster'),
      TaskDefinition: ref('Task'),
      LaunchType: 'FARGATE',
      ...options,
    }),
  };
}
