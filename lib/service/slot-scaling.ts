import { Duration, type aws_ecs as ecs } from 'aws-cdk-lib';
import { scalingDefaults } from '../release/service-defaults';
import type { SlotName } from '../release/slots';
import type { SlotTraffic } from '../traffic/traffic-plane';

/**
 * How many tasks a slot has: as many as its load asks for, between two bounds. It makes no version, and may change while the slot
 * answers requests.
 *
 * At least one target says what to scale by; with several, the one that asks for most tasks counts.
 */
export interface SlotScaling {
  /**
   * Tasks at least, 1 to 5000. A slot without requests comes down to it; and before a slot gets requests, it must be enough for them.
   *
   * @default 1
   */
  readonly minCapacity?: number;

  /** Tasks at most, 1 to 5000. */
  readonly maxCapacity: number;

  /**
   * CPU that the tasks use on average, in percent of what they have, 1 to 100. With more, tasks are added.
   *
   * @default - the slot does not scale by CPU
   */
  readonly targetCpuUtilizationPercent?: number;

  /**
   * Requests to each task in a minute, 1 to 1000000. With more, tasks are added. Only a load balancer counts them: of no effect on the
   * other planes.
   *
   * @default - the slot does not scale by requests
   */
  readonly requestsPerTarget?: number;
}

interface Scaled {
  readonly scaling?: SlotScaling;
}

/** How a slot scales, active or not; `undefined`: it has as many tasks as the service says. */
export function scalingOf(
  { scaling, slots }: Scaled & { readonly slots: Readonly<Record<SlotName, Scaled>> },
  name: SlotName,
): SlotScaling | undefined {
  return slots[name].scaling ?? scaling;
}

/** Lets AWS start and end the tasks of an ECS service, which must have no desired count of its own. */
export function scaleTasks(service: ecs.FargateService, traffic: SlotTraffic, scaling: SlotScaling): ecs.ScalableTaskCount {
  const { minCapacity = scalingDefaults.minCapacity, maxCapacity, targetCpuUtilizationPercent, requestsPerTarget } = scaling;
  const tasks = service.autoScaleTaskCount({ minCapacity, maxCapacity });
  const scaleOutCooldown = Duration.seconds(scalingDefaults.scaleOutCooldownSeconds);
  if (targetCpuUtilizationPercent !== undefined) {
    tasks.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: targetCpuUtilizationPercent, scaleOutCooldown });
  }
  if (requestsPerTarget !== undefined) {
    traffic.scaleOnRequests?.(tasks, { requestsPerTarget, scaleOutCooldown });
  }
  return tasks;
}
