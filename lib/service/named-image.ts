import { Arn, aws_ecr as ecr, aws_ecs as ecs, type aws_iam as iam, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ecrRepository } from '../settings/ecr-repository';
import { imageType } from '../settings/image-name';
import { show } from '../settings/value-type';

/**
 * A container image by its name as it stands on a `docker pull` command line.
 *
 * A private ECR repository is recognized by its name, also one of another account or Region, and by each of the registry's hosts: for
 * IPv4, for both, and with FIPS. The execution role of the tasks may pull from it: in a `BlueGreenService` for the images of both slots
 * from the beginning, so that turning a slot on leaves that role, which the other slot uses, as it is. A repository of another account
 * must allow it, too; a pull through cache takes more rights for the first pull.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
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
    this.grantPull(scope, containerDefinition.taskDefinition.obtainExecutionRole());
    // By its name as it was given: another host of the same registry is another way there.
    return { imageName: this.imageName };
  }

  /** Allows somebody to pull this image. Of no effect for an image that everybody may pull. */
  grantPull(scope: Construct, grantee: iam.IGrantable): void {
    this.repository(scope)?.grantPull(grantee);
  }

  // Imported where it is used, under a name that nothing else there has: no resource comes of it.
  private repository(scope: Construct): ecr.IRepository | undefined {
    const repository = ecrRepository(this.imageName);
    if (repository === undefined) {
      return undefined;
    }
    const { account, region, path } = repository;
    const id = `Repository ${account} ${region} ${path}`;
    return (
      (scope.node.tryFindChild(id) as ecr.IRepository | undefined) ??
      ecr.Repository.fromRepositoryAttributes(scope, id, {
        repositoryName: path,
        // In the partition of the stack: a role has no rights in another one.
        repositoryArn: Arn.format(
          { service: 'ecr', account, region, resource: 'repository', resourceName: path },
          Stack.of(scope),
        ),
      })
    );
  }
}
