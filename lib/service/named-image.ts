import { Arn, aws_ecr as ecr, aws_ecs as ecs, type aws_iam as iam, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { imageType } from '../settings/service-values';
import { show } from '../settings/value-type';

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
const ecrImage = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<name>[^:@]+)[:@]?(?<tag>.*)$/;

/**
 * A container image by its name as it stands on a `docker pull` command line.
 *
 * A private ECR repository is recognized by its name, also one of another account or Region, and the execution role of the tasks may
 * pull from it: in a `BlueGreenService` for the images of both slots from the beginning, so that turning a slot on leaves that role,
 * which the other slot uses, as it is.
 */
export class NamedImage extends ecs.ContainerImage {
  /**
   * @param imageName such as `example/shop:1.5.0`; without a tag or digest, `latest` is meant
   * @throws Error when it is not the name of an image
   */
  constructor(readonly imageName: string) {
    super();
    if (imageType.parse(imageName) === undefined) {
      throw new Error(`image: got ${show(imageName)}, expected ${imageType.expected}`);
    }
  }

  bind(scope: Construct, containerDefinition: ecs.ContainerDefinition): ecs.ContainerImageConfig {
    const { tag } = ecrImage.exec(this.imageName)?.groups ?? {};
    const repository = this.repository(scope);
    const image = repository
      ? ecs.ContainerImage.fromEcrRepository(repository, tag || 'latest')
      : ecs.ContainerImage.fromRegistry(this.imageName);
    return image.bind(scope, containerDefinition);
  }

  /** Allows somebody to pull this image. Of no effect for an image that everybody may pull. */
  grantPull(scope: Construct, grantee: iam.IGrantable): void {
    this.repository(scope)?.grantPull(grantee);
  }

  // Imported where it is used, under a name that nothing else there has: no resource comes of it.
  private repository(scope: Construct): ecr.IRepository | undefined {
    const { account, region, name } = ecrImage.exec(this.imageName)?.groups ?? {};
    if (!name) {
      return undefined;
    }
    const id = `Repository ${name}`;
    return (
      (scope.node.tryFindChild(id) as ecr.IRepository | undefined) ??
      ecr.Repository.fromRepositoryAttributes(scope, id, {
        repositoryName: name,
        repositoryArn: Arn.format(
          { service: 'ecr', account, region, resource: 'repository', resourceName: name },
          Stack.of(scope),
        ),
      })
    );
  }
}
