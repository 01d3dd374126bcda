import { type Stack, Token, Validations } from 'aws-cdk-lib';
import type { PlaneName } from '../release/plane-limits';
import type { Settings } from '../settings/settings';

/** A finding of a scan that this app takes knowingly. */
export interface Acknowledgement {
  /** The end of the construct paths in the stack at which the finding is taken, with everything below. */
  readonly at: RegExp;

  /**
   * The plane on which it is found.
   *
   * @default - on all
   */
  readonly on?: PlaneName;

  /**
   * The key with which there is nothing to be found.
   *
   * @default - it is found whatever is set
   */
  readonly without?: keyof Settings;

  /** Id of the rule, as the scan prints it. */
  readonly id: string;

  /** Why it is no fault here. */
  readonly reason: string;
}

/**
 * Everything that a scan finds in this app and that stays as it is.
 *
 * It stands here and not in the constructs: a reason that holds for this app may not hold in somebody else's stack, so whoever uses
 * the constructs is told what the scan has to say.
 */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    at: /\/(AppMesh|App)$/,
    on: 'app-mesh',
    id: 'CloudFormation-Validate::W3696',
    reason: 'App Mesh is chosen knowingly: one notice of the end of support is printed instead of one warning per resource',
  },
  {
    at: /\/Vpc$/,
    id: 'AwsSolutions-VPC7',
    reason: 'a network to try the app in; flow logs are billed by volume and belong to the VPC that is named with vpcId',
  },
  {
    at: /\/App\/\w+\/TaskDefinition$/,
    id: 'AwsSolutions-ECS2',
    reason: 'the environment holds settings that stand in the context anyway; secrets do not belong there',
  },
  {
    at: /\/Gateway\/TaskDefinition$/,
    id: 'AwsSolutions-ECS2',
    reason: 'the environment holds the name of the gateway and a log level, nothing secret',
  },
  {
    at: /\/ExecutionRole$/,
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'ecr:GetAuthorizationToken, which a private image takes, has no resource type, so it can only be granted on *',
  },
  {
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
    at: /\/App\/\w+\/TaskRole$/,
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'the X-Ray actions that write traces and read sampling rules, and those by which ECS Exec opens its channels, have no resource type, so they can only be granted on *',
  },
  {
    at: /InfrastructureRole$/,
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'the actions of EC2 that describe have no resource type, so they can only be granted on *',
  },
  {
    at: /\/Alb\/(Internal)?SecurityGroup$|\/Gateway\/(Internal)?LoadBalancerSecurityGroup$/,
    id: 'AwsSolutions-EC23',
    reason: 'a public way in is what was asked for; choose ingress=internal to keep it inside the VPC',
  },
  {
    at: /\/Lattice\/ClientSecurityGroup$/,
    id: 'AwsSolutions-EC23',
    reason: 'the range is that of the VPC, which the check cannot read while it is a reference',
  },
  {
    at: /\/Alb\/(Internal)?LoadBalancer$/,
    without: 'accessLogBucket',
    id: 'AwsSolutions-ELB2',
    reason:
      'what the slots answer is in their metrics; an access log needs a bucket whose place and retention are for the owner of the account to decide',
  },
  {
    at: /\/Gateway\/(Internal)?LoadBalancer$/,
    id: 'AwsSolutions-ELB2',
    reason: 'a network load balancer logs TLS connections only; the requests are in the access log of the gateway',
  },
];

/** Takes every finding of the table, where the stack has the construct that it is about. */
export function acknowledgeFindings(stack: Stack, settings: Settings): void {
  const here = [...acknowledgements, ...ofLogGroups(stack, settings)].filter(
    ({ on = settings.trafficPlane, without }) =>
      on === settings.trafficPlane && (without === undefined || settings[without] === undefined),
  );
  for (const construct of stack.node.findAll()) {
    for (const { at, id, reason } of here) {
      if (at.test(construct.node.path)) {
        Validations.of(construct).acknowledge({ id, reason });
      }
    }
  }
}

// A log group that is there already is named in the policy, with all its streams; the one of the app's own is referred to.
function ofLogGroups(stack: Stack, settings: Settings): readonly Acknowledgement[] {
  const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const arn = `arn:${known(stack.partition, 'Partition')}:logs:${known(stack.region, 'Region')}:${known(stack.account, 'AccountId')}`;
  const names = [settings, ...Object.values(settings.slots)].flatMap(({ logGroupName }) => logGroupName ?? []);
  return [...new Set(names)].map((name) => ({
    at: /\/ExecutionRole$/,
    id: `AwsSolutions-IAM5[Resource::${arn}:log-group:${name}:*]`,
    reason: 'the streams of a log group are named by ECS after each task, so the role may write all of this one group',
  }));
}
