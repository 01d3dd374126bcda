import { Duration, aws_iam as iam, Lazy, aws_lambda as lambda, aws_logs as logs, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { guardCode } from './guard-code';

const constructId = 'ReleaseGuard';

/**
 * The function behind the release guards of a stack: one for all of them. It may write its log and look at its own stack, nothing else.
 *
 * Its name is never set and its construct path never changes: CloudFormation does not let a custom resource change its function.
 */
export class ReleaseGuardFunction extends Construct {
  /** The function of the stack in which `scope` is; made when it is asked for first. */
  static of(scope: Construct): ReleaseGuardFunction {
    const stack = Stack.of(scope);
    return (
      (stack.node.tryFindChild(constructId) as ReleaseGuardFunction | undefined) ?? new ReleaseGuardFunction(stack, constructId)
    );
  }

  readonly functionArn: string;

  private logRetentionDays = 0;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', { removalPolicy: RemovalPolicy.DESTROY });
    (logGroup.node.defaultChild as logs.CfnLogGroup).retentionInDays = Lazy.number({
      produce: () => (this.logRetentionDays < logs.RetentionDays.INFINITE ? this.logRetentionDays : undefined),
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      // In the role itself, so that no call comes before its permission.
      inlinePolicies: {
        LookAndLog: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] }),
            new iam.PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
      },
    });
    // On the level of CloudFormation: the construct for functions adds a managed policy that may write every log.
    const { attrArn } = new lambda.CfnFunction(this, 'Function', {
      description: 'lets a deploy through, or refuses it, before anything of a blue/green service is changed',
      code: { zipFile: guardCode() },
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X.name,
      role: role.roleArn,
      loggingConfig: { logGroup: logGroup.logGroupName },
      memorySize: 256,
      timeout: Duration.seconds(50).toSeconds(),
    });
    this.functionArn = attrArn;
  }

  /** Keeps the log for as long as the longest of the guards asks for. */
  keepLogs(days: number): void {
    this.logRetentionDays = Math.max(this.logRetentionDays, days);
  }
}
