import { createHash } from 'node:crypto';
import type { AwsClients } from '../aws-clients';
import type { Bootstrap } from '../deploy-role';
import { OperateError } from '../operate-error';

/** How CloudFormation is handed a template: in the call, or by where it lies. */
export type HandedOver = { readonly TemplateBody: string } | { readonly TemplateURL: string };

/** A longer one has to lie in a bucket. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const longestBodyBytes = 51_200;

/**
 * Puts a template where CloudFormation can read it. A long one goes into the bucket of the bootstrap, under its hash, as the CDK has it.
 *
 * @param bootstrap that of the stack; `undefined`: none is known
 * @param publishing who may write into its bucket
 * @param instead the command that does the same, for when this cannot
 * @throws OperateError when it is too long, and there is no bucket
 */
export async function handOver(
  template: string,
  bootstrap: Bootstrap | undefined,
  publishing: Pick<AwsClients, 's3'>,
  instead: string,
): Promise<HandedOver> {
  const bytes = Buffer.byteLength(template);
  if (bytes <= longestBodyBytes) {
    return { TemplateBody: template };
  }
  if (bootstrap === undefined) {
    throw new OperateError(
      `template: got ${bytes} bytes and a stack that was deployed without cdk bootstrap, expected at most ${longestBodyBytes}, or a bucket ` +
        `for it; go back with ${instead}`,
    );
  }
  const { partition, account, region, qualifier } = bootstrap;
  const Bucket = `cdk-${qualifier}-assets-${account}-${region}`;
  const Key = `${createHash('sha256').update(template).digest('hex')}.json`;
  const { PutObjectCommand } = require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3');
  await publishing.s3.send(
    new PutObjectCommand({ Bucket, Key, Body: template, ContentType: 'application/json', ExpectedBucketOwner: account }),
  );
  return {
    TemplateURL: `https://s3.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}/${Bucket}/${Key}`,
  };
}
