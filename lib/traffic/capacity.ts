import { CfnResource, aws_ecs as ecs } from 'aws-cdk-lib';
import { Dependable, type IDependable } from 'constructs';

/**
 * Lets an ECS service wait until its cluster has the capacity providers, and lets the cluster keep them until the service is gone. The
 * service refers to the cluster only, which is there before.
 *
 * @param strategies what the service runs on; `undefined` when no capacity provider has a part in it
 */
export function waitForCapacity(
  service: ecs.FargateService,
  cluster: ecs.ICluster,
  strategies: readonly ecs.CapacityProviderStrategy[] | undefined,
): void {
  if (strategies === undefined) {
    return;
  }
  const providers: IDependable = {};
  Dependable.implement(providers, {
    // Looked for late: the cluster makes it last of all.
    get dependencyRoots() {
      return cluster.node.findAll().filter(isAssociation);
    },
  });
  service.node.addDependency(providers);
}

function isAssociation(construct: unknown): boolean {
  return (
    CfnResource.isCfnResource(construct) &&
    construct.cfnResourceType === ecs.CfnClusterCapacityProviderAssociations.CFN_RESOURCE_TYPE_NAME
  );
}
