import { Arn, aws_ecr as ecr, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A container image by its name, and the repository from which it can only be pulled with a grant. */
export interface NamedImage {
  readonly image: ecs.ContainerImage;

  /** `undefined` when no grant is needed. */
  readonly repository: ecr.IRepository | undefined;
}

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
const ecrImage = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<name>[^:@]+)[:@]?(?<tag>.*)$/;

/**
 * The image of a name as it stands on a `docker pull` command line. Private ECR repositories are recognized by their name.
 *
 * @param scope under which an imported repository gets the construct id `id`
 */
export function containerImage(scope: Construct, id: string, imageName: string): NamedImage {
  const { account, region, name, tag } = ecrImage.exec(imageName)?.groups ?? {};
  if (!name) {
    return { image: ecs.ContainerImage.fromRegistry(imageName), repository: undefined };
  }
  const repository = ecr.Repository.fromRepositoryAttributes(scope, id, {
    repositoryName: name,
    repositoryArn: Arn.format({ service: 'ecr', account, region, resource: 'repository', resourceName: name }, Stack.of(scope)),
  });
  return { image: ecs.ContainerImage.fromEcrRepository(repository, tag || 'latest'), repository };
}
