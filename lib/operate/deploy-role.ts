import { userInfo } from 'node:os';
import { type AwsClients, awsClients } from './aws-clients';
import type { DeployedStack } from './deployed/deployed-stack';
import { OperateError } from './operate-error';

/** What `cdk bootstrap` has made in the account and the Region of a stack, from which its names follow. */
export interface Bootstrap {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly qualifier: string;
}

/** The roles of the bootstrap that a person or a pipeline takes: to deploy, and to write into its bucket. */
export type BootstrapRole = 'deploy-role' | 'file-publishing-role';

/** With whose rights AWS is asked. */
export interface AssumedRole {
  readonly clients: AwsClients;

  /** Why it is those of the caller; `undefined`: it is those of the role. */
  readonly problem: string | undefined;
}

/**
 * The bootstrap with which a stack was deployed; `undefined` when it was deployed without one.
 *
 * The role with which CloudFormation works on the stack has the qualifier in its name, and the CDK lets a stack ask for the version of its
 * bootstrap by it.
 */
export function bootstrapOf({
  id,
  roleArn = '',
  template,
}: Pick<DeployedStack, 'id' | 'roleArn' | 'template'>): Bootstrap | undefined {
  const [, partition = '', , region = '', account = ''] = id.split(':');
  const qualifier =
    /\/cdk-([^-/]+)-cfn-exec-role-/.exec(roleArn)?.[1] ??
    (roleArn === '' ? /"\/cdk-bootstrap\/([^"/]+)\/version"/.exec(template)?.[1] : undefined);
  return qualifier === undefined ? undefined : { partition, account, region, qualifier };
}

/** ARN of a role of the bootstrap. */
export function bootstrapRoleArn({ partition, account, region, qualifier }: Bootstrap, role: BootstrapRole): string {
  return `arn:${partition}:iam::${account}:role/cdk-${qualifier}-${role}-${account}-${region}`;
}

/**
 * Takes a role of the bootstrap, as the CDK does. Who may not take it goes on with own rights, which may do.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export async function assumedRole(clients: AwsClients, bootstrap: Bootstrap, role: BootstrapRole): Promise<AssumedRole> {
  const RoleArn = bootstrapRoleArn(bootstrap, role);
  try {
    // Loaded when it is needed, as the client itself.
    const { AssumeRoleCommand } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
    const { Credentials } = await clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName() }));
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    const { AWS_PROFILE: _, ...environment } = clients.environment;
    return {
      clients: awsClients({
        ...environment,
        ...{ AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken },
        AWS_REGION: bootstrap.region,
      }),
      problem: undefined,
    };
  } catch (error) {
    // In words are the reasons for which AWS does not let somebody have a role; all else is a fault.
    if (!(error instanceof OperateError || isAnswerOfAws(error))) {
      throw error;
    }
    return { clients, problem: `${RoleArn}: not assumed (${(error as Error).message}), so the rights of the caller are used` };
  }
}

// Who it was stands in CloudTrail by this name.
function sessionName(): string {
  return `release-${nameOfUser().replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);
}

// In a container, a user may have no name.
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unnamed';
  }
}

function isAnswerOfAws(error: unknown): boolean {
  return error instanceof Error && '$metadata' in error;
}
