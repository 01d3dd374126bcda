import {
  type aws_certificatemanager as acm,
  aws_ec2 as ec2,
  type aws_ecs as ecs,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  Token,
  aws_vpclattice as vpclattice,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { serviceDefaults } from '../release/service-defaults';
import { latticeServiceMetrics, latticeTargetMetrics } from './lattice-metrics';
import { ingressSources } from './load-balancer-scheme';
import { previewValue } from './preview-value';
import type {
  AliasTarget,
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

/** How clients speak to a service on VPC Lattice. */
export type LatticeProtocol = 'HTTPS' | 'HTTP';

/** Properties of the VPC Lattice plane. */
export interface LatticePlaneProps {
  readonly vpc: ec2.IVpc;

  /**
   * Id of a service network that is there already, or its ARN when another account shares it. The services join it, and who reaches them is
   * for its owner to say: no network is made, and no VPC is associated. A VPC can be in one service network only.
   *
   * @default - a new service network
   * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html
   */
  readonly serviceNetworkId?: string;

  /**
   * How clients speak to the services: HTTPS on port 443, or plain HTTP on port 80. VPC Lattice makes and renews the certificate, unless
   * there is a `domainName`, for which it needs yours.
   *
   * @default 'HTTPS'
   * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/https-listeners.html
   */
  readonly protocol?: LatticeProtocol;

  /**
   * Certificate with which the services answer HTTPS under their own names. Each service then needs a `domainName`, for which the
   * certificate holds. Of no effect with HTTP.
   *
   * @default - VPC Lattice makes one for the names that it makes up
   * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-byoc.html
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Whether clients in the VPC reach the services. Without, the service network is there to be associated elsewhere. Of no effect with
   * `serviceNetworkId`.
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
   * Who may call the services. With `AWS_IAM` a policy admits the principals of this account, which also need a permission of their own:
   * `grantInvoke` of the service.
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
   * Request header that reaches a slot whatever its weight. Its value is the slot's label, a hyphen, and `previewToken`.
   *
   * @default 'x-slot'
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
   * ARNs of the principals that may send the preview header. Only `AWS_IAM` tells who calls.
   *
   * @default - everybody who may call
   */
  readonly previewPrincipals?: readonly string[];

  /**
   * How long the access log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}

// https://docs.aws.amazon.com/vpc-lattice/latest/ug/vpc-associations.html
const latticeRange = '169.254.171.0/24';

const ports: Readonly<Record<LatticeProtocol, number>> = { HTTPS: 443, HTTP: 80 };
const productionPriority = 100;
const invoke = 'vpc-lattice-svcs:Invoke';

/**
 * VPC Lattice: the weights stand in one rule of a service, over one target group per slot.
 *
 * The nearest relative of a service mesh: services call each other by name, also across VPCs and accounts, with no proxy beside the app.
 */
export class LatticePlane extends Construct implements TrafficPlane {
  readonly planeName = 'lattice';
  readonly limits = planeLimits.lattice;
  readonly given: Readonly<Record<string, unknown>>;

  /** Id or ARN of the service network. */
  readonly serviceNetworkId: string;

  /** The service network; `undefined` when it is somebody else's. */
  readonly serviceNetwork: vpclattice.CfnServiceNetwork | undefined;

  /** How clients speak to the services. */
  readonly protocol: LatticeProtocol;

  /** Security group of the clients in the VPC: admits whoever may call; `undefined` when no VPC is associated here. */
  readonly clientSecurityGroup: ec2.SecurityGroup | undefined;

  /** `undefined` when no VPC is associated here. */
  readonly vpcAssociation: vpclattice.CfnServiceNetworkVpcAssociation | undefined;

  /** With which the services answer HTTPS under their own names; `undefined`: they have none, or speak HTTP. */
  readonly certificate: acm.ICertificate | undefined;

  /** Who may call the services. */
  readonly authType: LatticeAuthType;

  /** Request header that reaches a slot whatever its weight. */
  readonly previewHeader: string;

  /** What stands behind the label in the value of the preview header; `undefined`: the last part of the stack's ARN. */
  readonly previewToken: string | undefined;

  /** ARNs of the principals that may send the preview header; `undefined`: everybody who may call. */
  readonly previewPrincipals: readonly string[] | undefined;

  /** Where requests to the tasks come from. */
  readonly source: ec2.IPeer;

  private readonly logRetention: logs.RetentionDays;

  /** @throws Error when the Region is known to have no VPC Lattice */
  constructor(scope: Construct, id: string, props: LatticePlaneProps) {
    super(scope, id);
    const { vpc } = props;
    refuseRegionsWithoutLattice(this);
    this.protocol = props.protocol ?? 'HTTPS';
    this.certificate = this.protocol === 'HTTPS' ? props.certificate : undefined;
    this.previewToken = props.previewToken;
    this.previewPrincipals = props.previewPrincipals;
    this.given = {
      serviceNetworkId: props.serviceNetworkId,
      protocol: this.protocol,
      certificate: this.certificate?.certificateArn,
      ingressCidrs: props.ingressCidrs,
      authType: props.authType,
      previewToken: props.previewToken,
      previewPrincipals: props.previewPrincipals,
      prefixListId: props.prefixListId,
      previewHeader: props.previewHeader,
    };
    this.authType = props.authType ?? 'NONE';
    this.previewHeader = props.previewHeader ?? this.limits.previewHeader;
    this.source = props.prefixListId ? ec2.Peer.prefixList(props.prefixListId) : ec2.Peer.ipv4(latticeRange);

    // No names in this file: most are create-only, and a named resource cannot be replaced.
    if (props.serviceNetworkId === undefined) {
      this.serviceNetwork = new vpclattice.CfnServiceNetwork(this, 'ServiceNetwork', { authType: 'NONE' });
      this.serviceNetworkId = this.serviceNetwork.attrId;
    } else {
      this.serviceNetworkId = props.serviceNetworkId;
    }
    if (this.serviceNetwork && (props.associateVpc ?? true)) {
      const clients = new ec2.SecurityGroup(this, 'ClientSecurityGroup', {
        vpc,
        description: 'clients of the service network',
        allowAllOutbound: false,
      });
      for (const source of ingressSources({ internetFacing: false, ingressCidrs: props.ingressCidrs }, vpc)) {
        clients.addIngressRule(source, ec2.Port.tcp(ports[this.protocol]), 'clients in the VPC');
      }
      this.clientSecurityGroup = clients;
      this.vpcAssociation = new vpclattice.CfnServiceNetworkVpcAssociation(this, 'VpcAssociation', {
        serviceNetworkIdentifier: this.serviceNetworkId,
        vpcIdentifier: vpc.vpcId,
        securityGroupIds: [clients.securityGroupId],
      });
    }

    this.logRetention = props.logRetention ?? serviceDefaults.logRetentionDays;
    if (this.serviceNetwork) {
      this.logRequestsTo(this, this.serviceNetwork.attrId);
    }
  }

  /** Logs the requests to a service network, or to a service, by its id. */
  logRequestsTo(scope: Construct, id: string): void {
    const accessLog = new logs.LogGroup(scope, 'AccessLog', {
      // AWS lets the services that log write to all groups below this name by one policy, which would else grow with each of them until it
      // is full: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
      // The log outlives what it is of, so its name is of that and of nothing later.
      logGroupName: `/aws/vendedlogs/vpc-lattice/${id}`,
      retention: this.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new vpclattice.CfnAccessLogSubscription(scope, 'AccessLogSubscription', {
      resourceIdentifier: id,
      destinationArn: accessLog.logGroupArn,
    });
  }

  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    return new LatticeService(scope, this, app);
  }
}

// https://docs.aws.amazon.com/general/latest/gr/vpc-lattice.html
function refuseRegionsWithoutLattice(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region) && /^(cn|us-gov|us-iso\w*)-/.test(region)) {
    throw new Error(`lattice: got the Region ${region}, expected one that has VPC Lattice; choose the load balancer plane there`);
  }
}

/** One service in the service network. */
class LatticeService implements ServiceTraffic {
  readonly url: string | undefined;
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly names: Readonly<Record<string, string>>;
  readonly aliasTarget: AliasTarget;
  readonly service: vpclattice.CfnService;
  readonly listener: vpclattice.CfnListener;
  private readonly slots: LatticeSlot[] = [];

  constructor(
    private readonly scope: Construct,
    readonly plane: LatticePlane,
    readonly app: RoutedApp,
  ) {
    this.service = new vpclattice.CfnService(scope, 'LatticeService', {
      authType: plane.authType,
      customDomainName: app.domainName,
      certificateArn: plane.certificate?.certificateArn,
    });
    // With authType NONE it is there and sleeps, so that a change to AWS_IAM leaves no time in which everybody is refused:
    // https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_PutAuthPolicy.html
    new vpclattice.CfnAuthPolicy(scope, 'AuthPolicy', {
      resourceIdentifier: this.service.attrId,
      policy: new iam.PolicyDocument({ statements: this.authStatements() }),
    });
    if (!plane.serviceNetwork) {
      plane.logRequestsTo(scope, this.service.attrId);
    }
    new vpclattice.CfnServiceNetworkServiceAssociation(scope, 'ServiceAssociation', {
      serviceNetworkIdentifier: plane.serviceNetworkId,
      serviceIdentifier: this.service.attrId,
    });
    this.listener = new vpclattice.CfnListener(scope, 'Listener', {
      serviceIdentifier: this.service.attrId,
      protocol: plane.protocol,
      port: ports[plane.protocol],
      // VPC Lattice takes 404 or 500 here.
      defaultAction: { fixedResponse: { statusCode: 404 } },
    });
    for (const port of app.ports) {
      app.securityGroup.connections.allowFrom(plane.source, ec2.Port.tcp(port), 'requests and health checks of VPC Lattice');
    }
    const reached = plane.vpcAssociation !== undefined || plane.serviceNetwork === undefined;
    const host = app.domainName ?? this.service.attrDnsEntryDomainName;
    this.url = reached ? `${plane.protocol.toLowerCase()}://${host}${app.pathPrefix}` : undefined;
    this.aliasTarget = { dnsName: this.service.attrDnsEntryDomainName, hostedZoneId: this.service.attrDnsEntryHostedZoneId };
    this.wayIn = {
      serviceNetwork: plane.serviceNetworkId,
      scheme: reached ? 'internal' : 'none',
      protocol: plane.protocol,
      authType: plane.authType,
      source: plane.source.uniqueId,
    };
    this.names = { ServiceNetworkId: plane.serviceNetworkId, LatticeServiceId: this.service.attrId };
  }

  get metrics(): ServiceMetrics {
    return latticeServiceMetrics(this.service.attrId);
  }

  /** Without `AWS_IAM` the permission is of no effect, but may be there before it is needed. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: [invoke], resourceArns: [this.requests] });
  }

  // A policy on a service covers this service only; its requests have the path in their ARN.
  private get requests(): string {
    return `${this.service.attrArn}/*`;
  }

  private authStatements(): iam.PolicyStatement[] {
    const { previewHeader, previewPrincipals } = this.plane;
    const requests = { principals: [new iam.AnyPrincipal()], actions: [invoke], resources: [this.requests] };
    return [
      new iam.PolicyStatement({
        ...requests,
        conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(this.scope).account } },
      }),
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclatticeservices.html
      ...(previewPrincipals
        ? [
            new iam.PolicyStatement({
              ...requests,
              effect: iam.Effect.DENY,
              conditions: {
                Null: { [`vpc-lattice-svcs:RequestHeader/${previewHeader}`]: 'false' },
                ArnNotEquals: { 'aws:PrincipalArn': [...previewPrincipals] },
              },
            }),
          ]
        : []),
    ];
  }

  /**
   * The id of what belongs to one service of VPC Lattice. Another domain name is another one, and a target group cannot be in two: both
   * are made anew together, before the old ones go.
   */
  idOf(name: string): string {
    return this.app.domainName === undefined ? name : `${this.app.domainName}-${name}`;
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
  readonly preview: string;
  readonly serviceName = undefined;
  readonly proxyConfiguration = undefined;

  readonly checksTasks = true;

  readonly target: vpclattice.CfnTargetGroup;

  private readonly associationRule: vpclattice.CfnRule;

  constructor(
    private readonly scope: Construct,
    private readonly traffic: LatticeService,
    readonly slot: RoutedSlot,
  ) {
    const { app, plane } = traffic;
    this.target = new vpclattice.CfnTargetGroup(scope, traffic.idOf('LatticeTargetGroup'), {
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
    const value = previewValue(slot.label, plane.previewToken);
    this.preview = `${plane.previewHeader}: ${value}`;
    // A target group that no rule uses is not checked, and the weights must wait for ECS: this rule comes first, and the weights last.
    this.associationRule = new vpclattice.CfnRule(scope, 'LatticeAssociationRule', {
      serviceIdentifier: traffic.service.attrId,
      listenerIdentifier: traffic.listener.attrId,
      priority: 10 + slot.index,
      match: {
        httpMatch: { ...traffic.pathMatch, headerMatches: [{ name: plane.previewHeader, match: { exact: value } }] },
      },
      action: { forward: { targetGroups: [{ targetGroupIdentifier: this.target.attrId, weight: 1 }] } },
    });
    this.targetName = this.target.attrId;
  }

  get metrics(): SlotMetrics {
    return latticeTargetMetrics(this.target.attrId);
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

  // AWS shows no condition on who takes it on. Less than AWS's managed policy, which may also change rules: nothing but CloudFormation writes a weight. In the role itself, so
  // that it lasts until the last task is deregistered: it goes with its target group.
  private infrastructureRole(): iam.Role {
    const role = new iam.Role(this.scope, this.traffic.idOf('InfrastructureRole'), {
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
