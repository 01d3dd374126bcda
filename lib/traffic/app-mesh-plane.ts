import {
  Annotations,
  aws_appmesh as appmesh,
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_logs as logs,
  RemovalPolicy,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { serviceDefaults } from '../release/service-defaults';
import { envoyDefaults, xrayDefaults } from '../release/sidecar-defaults';
import { askForAppMeshAccess } from './app-mesh-access';
import { AppMeshGateway, type AppMeshGatewayOptions } from './app-mesh-gateway';
import { addEnvoySidecar, envoyProxyConfiguration } from './envoy';
import { accessLogFormat, accessLogMetrics, accessLogSums, addAccessLogMetrics } from './envoy-access-log';
import { previewValue } from './preview-value';
import type { SidecarProps } from './sidecar';
import type {
  RoutedApp,
  RoutedSlot,
  ServiceMetrics,
  ServiceTraffic,
  SidecarResources,
  SlotMetrics,
  SlotTraffic,
  TrafficPlane,
} from './traffic-plane';
import { addXrayDaemon } from './xray-daemon';

/** Properties of the App Mesh plane. */
export interface AppMeshPlaneProps {
  /** Private DNS namespace of the services on this plane. */
  readonly namespace: servicediscovery.IPrivateDnsNamespace;

  /**
   * The mesh.
   *
   * @default - a new mesh, whose members may also call hosts outside of it
   */
  readonly mesh?: appmesh.IMesh;

  /**
   * The way in from outside.
   *
   * @default - none: only members of the mesh reach the services
   */
  readonly gateway?: AppMeshGatewayOptions;

  /**
   * The Envoy beside every app container, and of the gateway.
   *
   * @default - AWS's image, 32 CPU units, 256 MiB
   */
  readonly envoy?: Omit<SidecarProps, 'logGroup'>;

  /**
   * The X-Ray daemon beside every Envoy.
   *
   * @default - AWS's image, 32 CPU units, 256 MiB
   */
  readonly xray?: Omit<SidecarProps, 'logGroup'>;

  /**
   * Request header that reaches a slot whatever its weight. Its value is the slot's label, a hyphen, and `previewToken`.
   *
   * @default - none
   */
  readonly previewHeader?: string;

  /**
   * What stands behind the label in the value of the preview header, so that it cannot be guessed: 8 to 64 letters, digits and hyphens. It is
   * in the template for everybody to read who may see the stack.
   *
   * @default - the last part of the stack's ARN
   */
  readonly previewToken?: string;

  /**
   * How long the logs of the sidecars are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What to do about the end of App Mesh, in the words of the app that made the plane: the end of the notice that is printed once,
   * and of the sentence with which CloudFormation refuses the stack.
   *
   * @default - names the planes that AWS runs
   */
  readonly successors?: string;
}

const endOfSupport = 'AWS ended App Mesh on 2026-09-30: this app still synthesizes for it, but AWS refuses to deploy it';

// Lower comes first: https://docs.aws.amazon.com/app-mesh/latest/userguide/routes.html
const previewPriority = 1;
const productionPriority = 1000;

/**
 * AWS App Mesh: the weights stand in one route of a virtual router, and an Envoy beside each app container applies them.
 *
 * AWS ended the service on 2026-09-30. A stack with this plane is therefore refused before anything is made, unless its parameter
 * `AppMeshAccess` is `granted`.
 */
export class AppMeshPlane extends Construct implements TrafficPlane {
  readonly planeName = 'app-mesh';
  readonly limits = planeLimits['app-mesh'];
  readonly given: Readonly<Record<string, unknown>>;

  /** The mesh of all services on this plane. */
  readonly mesh: appmesh.IMesh;

  /** The virtual services on this plane by service name: what other members of the mesh name as their backend. */
  readonly virtualServices = new Map<string, appmesh.IVirtualService>();

  /** `undefined` when there is no way in from outside. */
  readonly gateway: AppMeshGateway | undefined;

  /** Private DNS namespace of the services. */
  readonly namespace: servicediscovery.IPrivateDnsNamespace;

  /** The Envoy of every task, where a slot says nothing else, and of the gateway. */
  readonly envoy: SidecarProps;

  /** The X-Ray daemon of every task, where a slot says nothing else. */
  readonly xray: SidecarProps;

  /** Request header that reaches a slot whatever its weight. */
  readonly previewHeader: string | undefined;

  /** What stands behind the label in the value of the preview header; `undefined`: the last part of the stack's ARN. */
  readonly previewToken: string | undefined;

  readonly sidecars: readonly SidecarResources[];

  constructor(scope: Construct, id: string, props: AppMeshPlaneProps) {
    super(scope, id);
    const successors = props.successors ?? 'to move, give the service a LoadBalancerPlane or a LatticePlane';
    Annotations.of(this).addInfo(`${endOfSupport}; ${successors}`);
    askForAppMeshAccess(this, successors);

    this.given = {
      namespace: props.namespace.namespaceName,
      previewHeader: props.previewHeader,
      previewToken: props.previewToken,
      ingressCidrs: props.gateway?.ingressCidrs,
      desiredCount: props.gateway?.desiredCount,
    };
    this.namespace = props.namespace;
    this.previewHeader = props.previewHeader;
    this.previewToken = props.previewToken;
    // Tasks often call hosts outside of the mesh. They cannot reach a slot past its route: the security group of the tasks admits
    // the gateway only.
    this.mesh = props.mesh ?? new appmesh.Mesh(this, 'Mesh', { egressFilter: appmesh.MeshFilterType.ALLOW_ALL });
    this.envoy = { ...(props.envoy ?? sidecar(envoyDefaults)), logGroup: this.logGroup('EnvoyLogs', props.logRetention) };
    this.xray = { ...(props.xray ?? sidecar(xrayDefaults)), logGroup: this.logGroup('XrayLogs', props.logRetention) };
    this.sidecars = [
      { ...this.envoy, name: 'envoy' },
      { ...this.xray, name: 'xray' },
    ];
    addAccessLogMetrics(this, this.envoy.logGroup);
    this.gateway = props.gateway && new AppMeshGateway(this, 'Gateway', { ...props.gateway, mesh: this.mesh, envoy: this.envoy });
  }

  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    return new AppMeshService(scope, this, app);
  }

  private logGroup(id: string, retention: logs.RetentionDays = serviceDefaults.logRetentionDays): logs.LogGroup {
    // The log of the app is kept. Of these the metrics are, and the plane no longer runs on AWS.
    return new logs.LogGroup(this, id, { retention, removalPolicy: RemovalPolicy.DESTROY });
  }
}

/** One service in the mesh: a virtual service whose virtual router has one weighted route. */
class AppMeshService implements ServiceTraffic {
  readonly url: string | undefined;
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly names: Readonly<Record<string, string>>;
  readonly virtualRouter: appmesh.VirtualRouter;
  readonly cloudMapService: servicediscovery.Service;
  private readonly slots: AppMeshSlot[] = [];

  constructor(
    private readonly scope: Construct,
    readonly plane: AppMeshPlane,
    readonly app: RoutedApp,
  ) {
    plane.envoy.logGroup.grantWrite(app.executionRole);
    plane.xray.logGroup.grantWrite(app.executionRole);
    // One for all slots, and always there: Cloud Map cannot delete a service while it has instances.
    this.cloudMapService = new servicediscovery.Service(scope, 'CloudMapService', {
      namespace: plane.namespace,
      name: app.name,
      dnsRecordType: servicediscovery.DnsRecordType.A,
      dnsTtl: Duration.seconds(10),
      customHealthCheck: { failureThreshold: 1 },
    });
    this.virtualRouter = new appmesh.VirtualRouter(scope, 'VirtualRouter', {
      mesh: plane.mesh,
      virtualRouterName: app.name,
      listeners: [appmesh.VirtualRouterListener.http(app.port)],
    });
    const virtualService = new appmesh.VirtualService(scope, 'VirtualService', {
      virtualServiceName: `${app.name}.${plane.namespace.namespaceName}`,
      virtualServiceProvider: appmesh.VirtualServiceProvider.virtualRouter(this.virtualRouter),
    });
    plane.virtualServices.set(app.name, virtualService);
    if (plane.gateway) {
      plane.gateway.addRoute(scope, { ...app, virtualService });
      for (const port of app.ports) {
        app.securityGroup.connections.allowFrom(
          plane.gateway.securityGroup,
          ec2.Port.tcp(port),
          'requests and health checks of the gateway',
        );
      }
    }
    this.url = plane.gateway && `${plane.gateway.url}${app.pathPrefix}`;
    this.wayIn = {
      mesh: plane.mesh.meshName,
      namespace: plane.namespace.namespaceName,
      routerPort: app.port,
      loadBalancer: plane.gateway?.loadBalancer.loadBalancerArn,
      gatewayCluster: plane.gateway?.cluster.clusterName,
      gatewayOnCapacityProviders: plane.gateway?.onCapacityProviders,
      scheme: plane.gateway?.scheme ?? 'none',
    };
    this.names = {
      MeshName: plane.mesh.meshName,
      VirtualServiceName: virtualService.virtualServiceName,
      VirtualRouterName: this.virtualRouter.virtualRouterName,
    };
  }

  get metrics(): ServiceMetrics {
    return accessLogSums(
      this.plane.mesh,
      this.app.labels.map((label) => this.targetName(label)),
    );
  }

  /** Name of the virtual node of a slot. */
  targetName(label: string): string {
    return `${this.app.name}-${label}`;
  }

  addSlot(scope: Construct, slot: RoutedSlot): SlotTraffic {
    const added = new AppMeshSlot(scope, this, slot);
    this.slots.push(added);
    return added;
  }

  addRoute(services: readonly ecs.FargateService[]): IConstruct {
    const route = new appmesh.Route(this.scope, 'Route', {
      mesh: this.plane.mesh,
      virtualRouter: this.virtualRouter,
      routeName: this.app.name,
      routeSpec: weightedRoute({
        priority: productionPriority,
        weightedTargets: this.slots.map(({ target, slot }) => ({ virtualNode: target, weight: slot.weight })),
      }),
    });
    route.node.addDependency(...services);
    return route;
  }
}

/** One slot in the mesh: a virtual node, found through Cloud Map by the name of its ECS service. */
class AppMeshSlot implements SlotTraffic {
  readonly targetName: string;
  readonly preview: string | undefined;
  private readonly previewValue: string;
  readonly serviceName: string;
  readonly proxyConfiguration: ecs.ProxyConfiguration;
  readonly checksTasks = false;
  readonly target: appmesh.VirtualNode;

  constructor(
    private readonly scope: Construct,
    private readonly traffic: AppMeshService,
    readonly slot: RoutedSlot,
  ) {
    const { app, plane } = traffic;
    this.targetName = traffic.targetName(slot.label);
    this.previewValue = previewValue(slot.label, plane.previewToken);
    this.preview = plane.previewHeader && `${plane.previewHeader}: ${this.previewValue}`;
    this.serviceName = this.targetName;
    this.proxyConfiguration = envoyProxyConfiguration(slot.port);
    this.target = new appmesh.VirtualNode(scope, 'VirtualNode', {
      mesh: plane.mesh,
      virtualNodeName: this.targetName,
      listeners: [
        appmesh.VirtualNodeListener.http({
          port: slot.port,
          healthCheck: appmesh.HealthCheck.http({
            path: slot.healthCheckPath,
            healthyThreshold: app.healthCheck.healthyThreshold,
            unhealthyThreshold: app.healthCheck.unhealthyThreshold,
            timeout: Duration.seconds(app.healthCheck.timeoutSeconds),
            interval: Duration.seconds(app.healthCheck.intervalSeconds),
          }),
        }),
      ],
      // The name as text, not a reference: the service waits for the task, and the task for this node.
      serviceDiscovery: appmesh.ServiceDiscovery.cloudMap(traffic.cloudMapService, { ECS_SERVICE_NAME: this.serviceName }),
      accessLog: appmesh.AccessLog.fromFilePath('/dev/stdout', accessLogFormat(plane.mesh, this.targetName)),
    });
  }

  get metrics(): SlotMetrics {
    return accessLogMetrics(this.traffic.plane.mesh, this.targetName);
  }

  extendTask(task: ecs.FargateTaskDefinition, app: ecs.ContainerDefinition): void {
    const { plane } = this.traffic;
    const { envoy, xray } = this.slot.sidecars;
    addEnvoySidecar(task, app, this.target.virtualNodeArn, { ...plane.envoy, ...envoy });
    addXrayDaemon(task, { ...plane.xray, ...xray });
    this.target.grants.streamAggregatedResources(task.taskRole);
  }

  attach(service: ecs.FargateService): void {
    service.associateCloudMapService({ service: this.traffic.cloudMapService });
    const { app, plane, virtualRouter } = this.traffic;
    if (plane.previewHeader) {
      const preview = new appmesh.Route(this.scope, 'PreviewRoute', {
        mesh: plane.mesh,
        virtualRouter,
        routeName: `${app.name}-preview-${this.slot.label}`,
        routeSpec: weightedRoute({
          priority: previewPriority,
          match: { headers: [appmesh.HeaderMatch.valueIs(plane.previewHeader, this.previewValue)] },
          weightedTargets: [{ virtualNode: this.target, weight: 1 }],
        }),
      });
      preview.node.addDependency(service);
    }
  }
}

// A node's listener ends a request after 15 s, so a try may take that long and no normal answer is cut; the request as a whole
// has time for the first try and both retries. https://docs.aws.amazon.com/app-mesh/latest/userguide/best-practices.html
const tryTimeout = Duration.seconds(15);
const maxRetries = 2;

function weightedRoute(options: Pick<appmesh.HttpRouteSpecOptions, 'priority' | 'match' | 'weightedTargets'>): appmesh.RouteSpec {
  return appmesh.RouteSpec.http({
    ...options,
    timeout: { perRequest: Duration.seconds(tryTimeout.toSeconds() * (1 + maxRetries)) },
    retryPolicy: {
      httpRetryEvents: [appmesh.HttpRetryEvent.GATEWAY_ERROR, appmesh.HttpRetryEvent.STREAM_ERROR],
      tcpRetryEvents: [appmesh.TcpRetryEvent.CONNECTION_ERROR],
      retryAttempts: maxRetries,
      retryTimeout: tryTimeout,
    },
  });
}

function sidecar({ image, ...resources }: typeof envoyDefaults | typeof xrayDefaults): Omit<SidecarProps, 'logGroup'> {
  return { ...resources, image: ecs.ContainerImage.fromRegistry(image) };
}
