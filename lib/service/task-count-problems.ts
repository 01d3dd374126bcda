import { Token } from 'aws-cdk-lib';
import { serviceDefaults } from '../release/service-defaults';
import { slotNames } from '../release/slots';
import { maximumPercentProblem, oneTask } from '../settings/maximum-percent';
import { maximumPercentType, scalingCpuType, scalingRequestsType, taskCountType } from '../settings/service-values';
import { scalingProblems } from '../settings/task-scaling';
import type { NamedNumber } from '../settings/task-size';
import type { BlueGreenServiceProps } from './blue-green-service-props';
import { type SlotScaling, scalingOf } from './slot-scaling';
import { valueProblem } from './value-problem';

/**
 * What is wrong with how many tasks the slots have, one line each. A property is named where it was given, on the service or on a slot,
 * so that what both slots have from the service reads the same, and is said once.
 */
export function taskCountProblems(props: BlueGreenServiceProps): string[] {
  const { desiredCount = serviceDefaults.desiredCount, maxHealthyPercent, trafficPlane } = props;
  const ofSlots = slotNames.map((slot) => {
    const scaling = scalingOf(props, slot);
    const owner = props.slots[slot].scaling === undefined ? '' : ` of ${slot}`;
    return scaling === undefined
      ? { wrong: [], count: named('desiredCount', desiredCount) }
      : {
          wrong: slotScalingProblems(scaling, (key) => `scaling.${key}${owner}`, trafficPlane.limits.scalesAtRequests ?? false),
          count: oneTask,
        };
  });
  const values = [
    ...valueProblem('desiredCount', desiredCount, taskCountType),
    ...valueProblem('maxHealthyPercent', maxHealthyPercent, maximumPercentType),
    ...ofSlots.flatMap(({ wrong }) => wrong),
  ];
  const rollout = ofSlots.map(
    ({ count }) => maximumPercentProblem(named('maxHealthyPercent', maxHealthyPercent), count)?.problem,
  );
  return [...new Set(values.length > 0 ? values : rollout.filter((problem) => problem !== undefined))];
}

function slotScalingProblems(
  scaling: SlotScaling,
  nameOf: (key: keyof SlotScaling) => string,
  scalesAtRequests: boolean,
): readonly string[] {
  const { minCapacity, maxCapacity, targetCpuUtilizationPercent, requestsPerTarget } = scaling;
  const wrong = [
    ...valueProblem(nameOf('minCapacity'), minCapacity, taskCountType),
    ...valueProblem(nameOf('maxCapacity'), maxCapacity, taskCountType),
    ...valueProblem(nameOf('targetCpuUtilizationPercent'), targetCpuUtilizationPercent, scalingCpuType),
    ...valueProblem(nameOf('requestsPerTarget'), requestsPerTarget, scalingRequestsType),
  ];
  const metrics = ['targetCpuUtilizationPercent', ...(scalesAtRequests ? (['requestsPerTarget'] as const) : [])] as const;
  const together = scalingProblems({
    min: named(nameOf('minCapacity'), minCapacity),
    max: named(nameOf('maxCapacity'), maxCapacity),
    metrics: metrics.map((key) => ({ name: nameOf(key), given: scaling[key] !== undefined })),
  });
  return wrong.length > 0 ? wrong : together.map(({ problem }) => problem);
}

// What only the deploy knows is not judged.
function named(name: string, value: number | undefined): NamedNumber {
  return { name, value: Token.isUnresolved(value) ? undefined : value };
}
