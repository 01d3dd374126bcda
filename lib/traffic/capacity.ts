import type { aws_ecs as ecs } from 'aws-cdk-lib';

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
  if (strategies !== undefined) {
    service.node.addDependency(cluster);
  }
}
