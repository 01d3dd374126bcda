import { Arn, aws_ecr as ecr, Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
const ecrImage = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<repository>[^:@]+)/;

/** The private ECR repositories among some image names, each once. Other registries need no grant. */
export function privateRepositories(scope: Construct, images: readonly string[]): ecr.IRepository[] {
  const arns = images
    .map((image) => ecrImage.exec(image)?.groups)
    .filter((groups) => groups !== undefined)
    .map(({ account, region, repository }) =>
      Arn.format({ service: 'ecr', account, region, resource: 'repository', resourceName: repository }, Stack.of(scope)),
    );
  return [...new Set(arns)].map((arn, index) =>
    ecr.Repository.fromRepositoryAttributes(scope, `Repository${index}`, {
      repositoryArn: arn,
      repositoryName: Fn.select(1, Fn.split('/', arn)),
    }),
  );
}
