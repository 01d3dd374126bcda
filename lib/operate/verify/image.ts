import { ecrRepository } from '../../settings/ecr-repository';
import { imageReference } from '../../settings/image-name';
import { type AwsClients, awsClients } from '../aws-clients';
import type { Found } from './looked';
import { looked, notFound } from './looked';
import { isLoopback } from './loopback';
import { imageInRegistry } from './registry';
import type { VerifyItem } from './verify-item';

/**
 * Whether the image of a slot exists.
 *
 * A private repository of ECR is asked by the API of AWS, any other registry by its own. On an AWS on this machine no other registry is
 * asked, since nothing is pulled there.
 */
export function verifyImage({ environment }: Pick<AwsClients, 'environment'>, slot: string, image: string): Promise<VerifyItem> {
  return looked({ part: 'images', name: slot }, () => {
    if (ecrRepository(image)) {
      return inEcr(environment, image);
    }
    return isLoopback(environment.AWS_ENDPOINT_URL)
      ? Promise.resolve<Found>(['not looked at', `${image}: nothing is pulled by an AWS on this machine`])
      : imageInRegistry(image);
  });
}

async function inEcr(environment: NodeJS.ProcessEnv, image: string): Promise<Found> {
  const { account, region, path } = ecrRepository(image) ?? { account: '', region: '', path: '' };
  const reference = imageReference(image);
  const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr');
  const answer = await notFound(
    ['ImageNotFoundException', 'RepositoryNotFoundException'],
    awsClients({ ...environment, AWS_REGION: region }).ecr.send(
      new DescribeImagesCommand({
        registryId: account,
        repositoryName: path,
        imageIds: [reference.includes(':') ? { imageDigest: reference } : { imageTag: reference }],
      }),
    ),
  );
  const digest = answer?.imageDetails?.[0]?.imageDigest;
  return digest === undefined
    ? ['not ok', `${image}: is not there; push it, or name another one`]
    : ['ok', `${image} is there: ${digest.slice(0, 19)}`];
}
