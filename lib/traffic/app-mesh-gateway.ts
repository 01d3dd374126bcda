import {
  aws_appmesh as appmesh,
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_elasticloadbalancingv2 as elbv2,
  aws_iam as iam,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IngressName } from '../release/plane-limits';
import { serviceDefaults } from '../release/service-defaults';
import { waitForCapacity } from './capacity';
import { ecsServiceDefaults } from './ecs-service-defaults';
import { addEnvoyGateway } from './envoy';
import { idByScheme, ingressSources } from './load-balancer-scheme';
import { PathPrefixes } from './path-prefixes';
import type { SidecarProps } from './sidecar';
import { loadBalancerSubnets, taskSubnets } from './subnets';
import { executionPrincipal, taskPrincipal } from './task-principals';

/** The way into a mesh from outside. */
export interface AppMeshGatewayOptions {
  readonly cluster: ecs.ICluster;

  /** Whether the load balancer is on the internet, or inside the VPC only. */
  readonly internetFacing: boolean;

  /**
   * Source addresses that may call the load balancer, as up to 25 CIDR blocks of IPv4.
   *
   * @default - everywhere on an internet-facing load balancer, the range of the VPC on an internal one
   */
  readonly ingressCidrs?: readonly string[];

  /**
   * Whether the load balancer refuses to be deleted, by a stack as well.
   *
   * @default false
   */
  readonly deletionProtection?: boolean;

  /**
   * Tasks of the gateway.
   *
   * @default 1
   */
  readonly desiredCount?: number;

  /**
   * What the tasks of the gateway run on. The cluster must have these capacity providers. Another choice starts them all anew.
   *
   * @default - `FARGATE` as a launch type, which every cluster has
   */
  readonly capacityProviderStrategies?: readonly ecs.CapacityProviderStrategy[];

  /**
   * Whether the gateway tasks get public IP addresses and public subnets.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;
}

/** Properties of the gateway. */
export interface AppMeshGatewayProps extends AppMeshGatewayOptions {
  readonly mesh: appmesh.IMesh;
  readonly envoy: SidecarProps;
}

/**
 * A virtual gateway on ECS behind a network load balancer: requests from outside come into the mesh here.
 *
 * AWS recommends this kind of load balancer for a gateway: its TCP check sees the gateway itself and not the health of the
 * services behind it, so that a sick slot does not take the way in along.
 */
export class AppMeshGateway extends Construct {
  readonly loadBalancer: elbv2.NetworkLoadBalancer;

  /** Where the load balancer is. */
  readonly scheme: IngressName;

  /** Where the gateway's tasks run. */
  readonly cluster: ecs.ICluster;

  /** Whether they run on capacity providers, instead of a launch type. */
  readonly onCapacityProviders: boolean;

  /** Security group of the gateway's tasks. */
  readonly securityGroup: ec2.SecurityGroup;

  readonly virtualGateway: appmesh.VirtualGateway;

  private readonly pathPrefixes = new PathPrefixes('gateway');

  constructor(scope: Construct, id: string, props: AppMeshGatewayProps) {
    super(scope, id);
    const port = 8080;
    this.scheme = props.internetFacing ? 'public' : 'internal';
    this.cluster = props.cluster;
    this.onCapacityProviders = props.capacityProviderStrategies !== undefined;
    const { vpc } = props.cluster;

    this.virtualGateway = new appmesh.VirtualGateway(this, 'VirtualGateway', {
      mesh: props.mesh,
      listeners: [appmesh.VirtualGatewayListener.http({ port })],
      accessLog: appmesh.AccessLog.fromFilePath('/dev/stdout'),
    });

    const executionRole = new iam.Role(this, 'ExecutionRole', { assumedBy: executionPrincipal() });
    const task = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      cpu: 512,
      memoryLimitMiB: 1024,
      taskRole: new iam.Role(this, 'TaskRole', { assumedBy: taskPrincipal(this) }),
      executionRole,
    });
    addEnvoyGateway(task, port, this.virtualGateway.virtualGatewayArn, props.envoy);
    this.virtualGateway.grants.streamAggregatedResources(task.taskRole);
    props.envoy.logGroup.grantWrite(executionRole);

    const idOf = (name: string) => idByScheme(name, props.internetFacing);
    const loadBalancerSecurityGroup = new ec2.SecurityGroup(this, idOf('LoadBalancerSecurityGroup'), {
      vpc,
      description: 'load balancer of the mesh gateway',
      allowAllOutbound: false,
    });
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'tasks of the mesh gateway' });
    this.securityGroup.connections.allowFrom(loadBalancerSecurityGroup, ec2.Port.tcp(port), 'requests and health checks');

    const assignPublicIp = props.assignPublicIp ?? false;
    const { subnets, internetConnectivityEstablished } = taskSubnets(vpc, assignPublicIp);
    const service = new ecs.FargateService(this, 'Service', {
      ...ecsServiceDefaults,
      cluster: props.cluster,
      taskDefinition: task,
      capacityProviderStrategies: props.capacityProviderStrategies && [...props.capacityProviderStrategies],
      desiredCount: props.desiredCount ?? serviceDefaults.desiredCount,
      platformVersion: serviceDefaults.platformVersion as ecs.FargatePlatformVersion,
      assignPublicIp,
      vpcSubnets: { subnets },
      securityGroups: [this.securityGroup],
      maxHealthyPercent: 200,
    });
    service.node.addDependency(executionRole, internetConnectivityEstablished);
    waitForCapacity(service, props.cluster, props.capacityProviderStrategies);

    this.loadBalancer = new elbv2.NetworkLoadBalancer(this, idOf('LoadBalancer'), {
      vpc,
      internetFacing: props.internetFacing,
      deletionProtection: props.deletionProtection ?? false,
      crossZoneEnabled: true,
      vpcSubnets: loadBalancerSubnets(props.internetFacing),
      securityGroups: [loadBalancerSecurityGroup],
    });
    const listener = this.loadBalancer.addListener('Http', { port: 80 });
    for (const source of ingressSources(props, vpc)) {
      loadBalancerSecurityGroup.addIngressRule(source, ec2.Port.tcp(80), 'requests from outside');
    }
    const targets = new elbv2.NetworkTargetGroup(this, idOf('TargetGroup'), {
      vpc,
      port,
      targets: [service],
      deregistrationDelay: Duration.seconds(60),
      healthCheck: { protocol: elbv2.Protocol.TCP, interval: Duration.seconds(10) },
    });
    listener.addTargetGroups('Gateway', targets);
  }

  /** The URL of the load balancer. */
  get url(): string {
    return `http://${this.loadBalancer.loadBalancerDnsName}`;
  }

  /**
   * Sends the requests below a path prefix to a virtual service.
   *
   * @throws Error when another service has this prefix already
   */
  addRoute(
    scope: Construct,
    service: { name: string; pathPrefix: string; virtualService: appmesh.IVirtualService },
  ): appmesh.GatewayRoute {
    this.pathPrefixes.claim(service.name, service.pathPrefix);

    return new appmesh.GatewayRoute(scope, 'GatewayRoute', {
      virtualGateway: this.virtualGateway,
      gatewayRouteName: service.name,
      routeSpec: appmesh.GatewayRouteSpec.http({
        routeTarget: service.virtualService,
        // A request keeps its path, as on the other planes.
        match: {
          path: appmesh.HttpGatewayRoutePathMatch.startsWith(service.pathPrefix, service.pathPrefix === '/' ? undefined : ''),
        },
      }),
    });
  }
}
