import { Aws, aws_ecs as ecs, aws_iam as iam } from 'aws-cdk-lib';
import { secretReference, secretReferences } from '../settings/secret-references';

/**
 * A secret variable by where its value is kept: a secret of AWS Secrets Manager, by its complete ARN or by its name, with `:field` behind
 * it for one field of its JSON; or a parameter of the Parameter Store, by its ARN or by its name, which starts with `/`.
 *
 * By its name it is looked for in the account and Region of the stack. Whoever may read it may read this one secret and nothing else. A
 * secret under a KMS key of one's own takes a grant on that key besides, and a secret of another account that account's permission.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
export class NamedSecret extends ecs.Secret {
  readonly arn: string;
  readonly hasField: boolean;

  private readonly actions: string[];
  private readonly resourceArn: string;

  /**
   * @param place such as `prod/db`, `prod/db:password`, `/prod/api-key`, or an ARN
   * @throws Error when no secret and no parameter can have this name or ARN
   */
  constructor(readonly place: string) {
    super();
    const reference = secretReference(place);
    if (reference === undefined) {
      throw new Error(`secret: got a place that is none, expected ${secretReferences.expected}`);
    }
    const { kept, by, text, field } = reference;
    const inStack = (service: string, resource: string) =>
      `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    if (kept === 'parameter') {
      this.actions = ['ssm:GetParameters'];
      this.resourceArn = by === 'arn' ? text : inStack('ssm', `parameter${text}`);
    } else {
      this.actions = ['secretsmanager:GetSecretValue'];
      // AWS puts a hyphen and six characters behind the name.
      this.resourceArn = by === 'arn' ? text : inStack('secretsmanager', `secret:${text}-??????`);
    }
    const whole = this.resourceArn.replace(/-\?{6}$/, '');
    this.arn = field === undefined ? whole : `${whole}:${field}::`;
    this.hasField = field !== undefined;
  }

  grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: this.actions, resourceArns: [this.resourceArn] });
  }
}
