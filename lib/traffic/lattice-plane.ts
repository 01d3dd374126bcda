import {
  Duration,
  aws_ec2 as ec2,
  type aws_ecs as ecs,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_vpclattice as vpclattice,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { serviceDefaults } from '../release/service-defaults';
import { latticeServiceMetrics, latticeTargetMetrics } from './lattice-metrics';
import { ingressSources } from './subnets';
import type {
  RoutedApp,
  RoutedSlot,
  ServiceMetrics,
  ServiceTraffic,
  SlotMetrics,
  SlotTraffic,
  TrafficPlane,
} from './traffic-plane';

/** Who may call a service on VPC Lattice: anybody in the network, or principals of the account with signed requests. */
export type LatticeAuthType = 'NONE' | 'AWS_IAM';

/** Properties of the VPC Lattice plane. */
export interface LatticePlaneProps {
  readonly vpc: ec2.IVpc;

  /**
   * Whether clients in the VPC reach the services. Without, the service network is there to be associated elsewhere.
   *
   * @default true
   */
  readonly associateVpc?: boolean;

  /**
   * Source addresses of the clients in the VPC, as up to 25 CIDR blocks of IPv4.
   *
   * @default - the range of the VPC
   */
  readonly ingressCidrs?: readonly string[];

  /**
   * Who may call the services. With `AWS_IAM` a policy admits the principals of this account.
   *
   * @default 'NONE'
   */
  readonly authType?: LatticeAuthType;

  /**
   * Id of the managed prefix list of VPC Lattice, from which requests reach the tasks.
   *
   * @default - the link-local range that VPC Lattice uses in every Region
   */
  readonly prefixListId?: string;

  /**
   * Request header that reaches a slot whatever its weight, with the slot's label as value.
   *
   * @default 'x-slot'
   */
  readonly previewHeader?: string;

  /**
   * How long the access log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}

// https://docs.aws.amazon.com/vpc-lattice/latest/ug/vpc-associations.html
const latticeRange = '169.254.171.0/24';

const listenerPort = 80;
const productionPriority = 100;

/**
 * VPC Lattice: the weights stand in one rule of a service, over one target group per slot.
 *
 * The nearest relative of a service mesh: services call each other by name, also across VPCs and accounts, with no proxy beside the app.
 */
export class LatticePlane extends Construct implements TrafficPlane {
  readonly planeName = 'lattice';
  readonly limits = planeLimits.lattice;
  readonly serviceNetwork: vpclattice.CfnServiceNetwork;

  /** `undefined` when clients in the VPC do not reach the services. */
  readonly vpcAssociation: vpclattice.CfnServiceNetworkVpcAssociation | undefined;

  /** Who may call the services. */
  readonly authType: LatticeAuthType;

  /** Request header that reaches a slot by its label. */
  readonly previewHeader: string;

  /** Where requests to the tasks come from. */
  readonly source: ec2.IPeer;

  constructor(scope: Construct, id: string, props: LatticePlaneProps) {
    super(scope, id);
    const { vpc } = props;
    this.authType = props.authType ?? 'NONE';
    this.previewHeader = props.previewHeader ?? this.limits.previewHeader;
    this.source = props.prefixListId ? ec2.Peer.prefixList(props.prefixListId) : ec2.Peer.ipv4(latticeRange);

    // No names in this file: most are create-only, and a named resource cannot be replaced.
    this.serviceNetwork = new vpclattice.CfnServiceNetwork(this, 'ServiceNetwork', { authType: 'NONE' });
    if (props.associateVpc ?? true) {
      const clients = new ec2.SecurityGroup(this, 'ClientSecurityGroup', {
        vpc,
        description: 'clients of the service network',
        allowAllOutbound: false,
      });
      for (const source of ingressSources({ internetFacing: false, ingressCidrs: props.ingressCidrs }, vpc)) {
        clients.addIngressRule(source, ec2.Port.tcp(listenerPort), 'clients in the VPC');
      }
      this.vpcAssociation = new vpclattice.CfnServiceNetworkVpcAssociation(this, 'VpcAssociation', {
        serviceNetworkIdentifier: this.serviceNetwork.attrId,
        vpcIdentifier: vpc.vpcId,
        securityGroupIds: [clients.securityGroupId],
      });
    }

    const accessLog = new logs.LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? serviceDefaults.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new vpclattice.CfnAccessLogSubscription(this, 'AccessLogSubscription', {
      resourceIdentifier: this.serviceNetwork.attrId,
      destinationArn: accessLog.logGroupArn,
    });
  }

  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    return new LatticeService(scope, this, app);
  }
}

/** One service in the service network. */
class LatticeService implements ServiceTraffic {
  readonly url: string | undefined;
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly names: Readonly<Record<string, string>>;
  readonly metrics: ServiceMetrics;
  readonly service: vpclattice.CfnService;
  readonly listener: vpclattice.CfnListener;
  private readonly slots: LatticeSlot[] = [];

  constructor(
    private readonly scope: Construct,
    readonly plane: LatticePlane,
    readonly app: RoutedApp,
  ) {
    this.service = new vpclattice.CfnService(scope, 'LatticeService', { authType: plane.authType });
    if (plane.authType === 'AWS_IAM') {
      new vpclattice.CfnAuthPolicy(scope, 'AuthPolicy', {
        resourceIdentifier: this.service.attrId,
        policy: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              principals: [new iam.AnyPrincipal()],
              actions: ['vpc-lattice-svcs:Invoke'],
              // A policy on a service covers this service only; its requests have the path in their ARN.
              resources: [`${this.service.attrArn}/*`],
              conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(scope).account } },
            }),
          ],
        }),
      });
    }
    new vpclattice.CfnServiceNetworkServiceAssociation(scope, 'ServiceAssociation', {
      serviceNetworkIdentifier: plane.serviceNetwork.attrId,
      serviceIdentifier: this.service.attrId,
    });
    this.listener = new vpclattice.CfnListener(scope, 'Listener', {
      serviceIdentifier: this.service.attrId,
      protocol: 'HTTP',
      port: listenerPort,
      // VPC Lattice takes 404 or 500 here.
      defaultAction: { fixedResponse: { statusCode: 404 } },
    });
    for (const port of app.ports) {
      app.securityGroup.connections.allowFrom(plane.source, ec2.Port.tcp(port), 'requests and health checks of VPC Lattice');
    }
    this.url = plane.vpcAssociation && `http://${this.service.attrDnsEntryDomainName}${app.pathPrefix}`;
    this.metrics = latticeServiceMetrics(this.service.attrId);
    this.wayIn = {
      serviceNetwork: plane.serviceNetwork.attrId,
      scheme: plane.vpcAssociation ? 'internal' : 'none',
      listener: `HTTP ${listenerPort}`,
      authType: plane.authType,
      source: plane.source.uniqueId,
    };
    this.names = { ServiceNetworkId: plane.serviceNetwork.attrId, LatticeServiceId: this.service.attrId };
  }

  addSlot(scope: Construct, slot: RoutedSlot): SlotTraffic {
    const added = new LatticeSlot(scope, this, slot);
    this.slots.push(added);
    return added;
  }

  addRoute(services: readonly ecs.FargateService[]): IConstruct {
    const rule = new vpclattice.CfnRule(this.scope, 'LatticeRule', {
      serviceIdentifier: this.service.attrId,
      listenerIdentifier: this.listener.attrId,
      priority: productionPriority,
      match: { httpMatch: this.pathMatch },
      action: {
        forward: {
          targetGroups: this.slots.map(({ target, slot }) => ({
            targetGroupIdentifier: target.attrId,
            weight: slot.weight,
          })),
        },
      },
    });
    rule.node.addDependency(...services);
    return rule;
  }

  /** Matches the requests to this service. */
  get pathMatch(): vpclattice.CfnRule.HttpMatchProperty {
    return { pathMatch: { match: { prefix: this.app.pathPrefix } } };
  }
}

/** One slot in the service network: a target group, in which ECS registers the tasks. */
class LatticeSlot implements SlotTraffic {
  readonly targetName: string;
  readonly metrics: SlotMetrics;
  readonly proxyConfiguration = undefined;

  readonly checksTasks = true;

  // VPC Lattice drains for about a minute, and sends requests until then; this is the longest that Fargate waits.
  readonly stopTimeout = Duration.seconds(120);

  readonly target: vpclattice.CfnTargetGroup;

  private readonly associationRule: vpclattice.CfnRule;

  constructor(
    private readonly scope: Construct,
    traffic: LatticeService,
    readonly slot: RoutedSlot,
  ) {
    const { app, plane } = traffic;
    this.target = new vpclattice.CfnTargetGroup(scope, 'LatticeTargetGroup', {
      type: 'IP',
      config: {
        // ECS registers each task with its own port; this one is create-only.
        port: 80,
        protocol: 'HTTP',
        protocolVersion: 'HTTP1',
        ipAddressType: 'IPV4',
        vpcIdentifier: app.cluster.vpc.vpcId,
        healthCheck: {
          enabled: true,
          path: slot.healthCheckPath,
          protocol: 'HTTP',
          protocolVersion: 'HTTP1',
          matcher: { httpCode: '200' },
          healthyThresholdCount: app.healthCheck.healthyThreshold,
          unhealthyThresholdCount: app.healthCheck.unhealthyThreshold,
          healthCheckTimeoutSeconds: app.healthCheck.timeoutSeconds,
          healthCheckIntervalSeconds: app.healthCheck.intervalSeconds,
        },
      },
    });
    // A target group that no rule uses is not checked, and the weights must wait for ECS: this rule comes first, and the weights last.
    this.associationRule = new vpclattice.CfnRule(scope, 'LatticeAssociationRule', {
      serviceIdentifier: traffic.service.attrId,
      listenerIdentifier: traffic.listener.attrId,
      priority: 10 + slot.index,
      match: {
        httpMatch: { ...traffic.pathMatch, headerMatches: [{ name: plane.previewHeader, match: { exact: slot.label } }] },
      },
      action: { forward: { targetGroups: [{ targetGroupIdentifier: this.target.attrId, weight: 1 }] } },
    });
    this.targetName = this.target.attrId;
    this.metrics = latticeTargetMetrics(this.target.attrId);
  }

  extendTask(): void {
    // A task needs nothing besides the app.
  }

  attach(service: ecs.FargateService): void {
    const resource = service.node.defaultChild as ecs.CfnService;
    resource.vpcLatticeConfigurations = [
      {
        portName: service.taskDefinition.defaultContainer?.portMappings[0]?.name ?? '',
        roleArn: this.infrastructureRole().roleArn,
        targetGroupArn: this.target.attrArn,
      },
    ];
    service.node.addDependency(this.associationRule);
  }

  // Less than AWS's managed policy, which may also change rules: nothing but CloudFormation writes a weight. In the role itself, so
  // that it lasts until the last task is deregistered.
  private infrastructureRole(): iam.Role {
    const role = new iam.Role(this.scope, 'InfrastructureRole', {
      assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
      inlinePolicies: {
        RegisterTasks: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: [
                'vpc-lattice:RegisterTargets',
                'vpc-lattice:DeregisterTargets',
                'vpc-lattice:GetTargetGroup',
                'vpc-lattice:ListTargets',
              ],
              resources: [this.target.attrArn],
            }),
            new iam.PolicyStatement({
              actions: ['ec2:DescribeInstances', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
              resources: ['*'],
            }),
          ],
        }),
      },
    });
    return role;
  }
}
