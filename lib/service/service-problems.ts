import { aws_logs as logs, Token } from 'aws-cdk-lib';
import { slotNames } from '../release/slots';
import { weightRange, weightSumProblem } from '../release/weights';
import {
  domainNameType,
  gracePeriodType,
  healthCheckIntervalType,
  healthCheckThresholdType,
  healthCheckTimeoutType,
  healthCheckTimeProblem,
  logRetentionType,
  pathPrefixType,
  rulePositionType,
  serviceNameType,
  slotLabelType,
  unsafeReasonType,
} from '../settings/service-values';
import { show, wholeNumber } from '../settings/value-type';
import type { BlueGreenServiceProps } from './blue-green-service-props';
import { domainProblems } from './domain-problems';
import { healthCheckOf } from './health-check';
import { planeProblems } from './plane-problems';
import { taskCountProblems } from './task-count-problems';
import { literalProblem, valueProblem } from './value-problem';
import { versionProblems } from './version-problems';

/**
 * All that is wrong with the properties of a service, one line each: what the flags of the app refuse, in the same words.
 *
 * A token is a value that only the deploy knows; it is not judged.
 */
export function serviceProblems(props: BlueGreenServiceProps): string[] {
  return [
    ...slotProblems(props),
    ...appProblems(props),
    ...domainProblems(props),
    ...planeProblems(props.trafficPlane),
    ...versionProblems(props),
  ];
}

function slotProblems({ trafficPlane, slots }: BlueGreenServiceProps): string[] {
  const { planeName, limits } = trafficPlane;
  const active = slotNames.filter((name) => slots[name].active ?? true);
  const labels = slotNames.map((name) => slots[name].label ?? name);
  const weights = active.map((name) => ({ name: `weight of ${name}`, weight: slots[name].weight }));
  const known = weights.filter(({ weight }) => !Token.isUnresolved(weight));
  const type = { ...wholeNumber(0, limits.maxWeight), expected: `${weightRange(limits.maxWeight)} on ${planeName}` };
  const wrong = known.flatMap(({ name, weight }) => valueProblem(name, weight, type));
  const sum =
    known.length > 0 && known.length === weights.length && wrong.length === 0
      ? weightSumProblem(planeName, limits, known)
      : undefined;
  return [
    ...(active.length === 0 ? ['slots: got none active, expected at least one; set active of a slot to true'] : []),
    ...wrong,
    ...(sum === undefined ? [] : [sum]),
    ...slotNames.flatMap((name) => literalProblem(`label of ${name}`, slots[name].label, slotLabelType)),
    ...(new Set(labels).size < labels.length
      ? [`label of ${slotNames.join(', ')}: got ${labels.join(', ')}, expected different ones`]
      : []),
  ];
}

function appProblems(props: BlueGreenServiceProps): string[] {
  return [
    ...literalProblem('serviceName', props.serviceName, serviceNameType),
    ...healthCheckProblems(props),
    ...taskCountProblems(props),
    ...valueProblem('healthCheckGracePeriod', props.healthCheckGracePeriod?.toSeconds({ integral: false }), gracePeriodType),
    ...(props.logRetention === logs.RetentionDays.INFINITE
      ? []
      : valueProblem('logRetention', props.logRetention, logRetentionType)),
    ...(props.logGroup && props.logRemovalPolicy !== undefined
      ? [
          `logRemovalPolicy: got ${show(props.logRemovalPolicy)}, expected none together with logGroup, which is not made here; leave it out`,
        ]
      : []),
    ...literalProblem('pathPrefix', props.pathPrefix, pathPrefixType),
    ...literalProblem('rulePosition', props.rulePosition, rulePositionType),
    ...literalProblem('domainName', props.domainName, domainNameType),
    ...valueProblem('allowUnsafe', props.allowUnsafe, unsafeReasonType),
  ];
}

function healthCheckProblems(props: BlueGreenServiceProps): string[] {
  const { intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = healthCheckOf(props);
  const wrong = [
    ...valueProblem('healthCheck.interval', intervalSeconds, healthCheckIntervalType),
    ...valueProblem('healthCheck.timeout', timeoutSeconds, healthCheckTimeoutType),
    ...valueProblem('healthCheck.healthyThreshold', healthyThreshold, healthCheckThresholdType),
    ...valueProblem('healthCheck.unhealthyThreshold', unhealthyThreshold, healthCheckThresholdType),
  ];
  const times =
    wrong.length === 0
      ? healthCheckTimeProblem(
          { name: 'healthCheck.timeout', value: timeoutSeconds },
          { name: 'healthCheck.interval', value: intervalSeconds },
        )
      : undefined;
  return times === undefined ? wrong : [times];
}
