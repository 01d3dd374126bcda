import { aws_ecs as ecs } from 'aws-cdk-lib';

/** What every ECS service here has: how a rollout goes, and what its tasks are told of it. */
export const ecsServiceDefaults = {
  circuitBreaker: { rollback: true },
  minHealthyPercent: 100,

  // Left out, it is on for a new service and stays as it is for an old one. It starts and stops tasks outside of releases.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
  availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,

  // So that costs can be split, and policies can tell the tasks of one service from those of another.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
  enableECSManagedTags: true,
  propagateTags: ecs.PropagatedTagSource.SERVICE,
} as const satisfies Partial<ecs.FargateServiceProps>;
