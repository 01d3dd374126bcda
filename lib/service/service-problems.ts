import { Token } from 'aws-cdk-lib';
import { slotNames } from '../release/slots';
import { weightRange, weightSumProblem } from '../release/weights';
import { reservedVariables } from '../settings/environment-variables';
import {
  containerMemoryType,
  gracePeriodType,
  healthCheckPathType,
  portType,
  serviceNameType,
  slotLabelType,
  taskCountType,
} from '../settings/service-values';
import { taskShareProblem, taskSizeProblem } from '../settings/task-size';
import { show, type ValueType, wholeNumber } from '../settings/value-type';
import type { BlueGreenServiceProps } from './blue-green-service-props';

/** A task size in CPU units and MiB. */
export interface TaskSize {
  readonly cpu: number;
  readonly memoryLimitMiB: number;
  readonly appMemoryLimitMiB: number;
}

/**
 * All that is wrong with the properties of a service, one line each: what the flags of the app refuse, in the same words.
 *
 * A token is a value that only the deploy knows; it is not judged.
 */
export function serviceProblems(props: BlueGreenServiceProps, task: TaskSize): string[] {
  return [...slotProblems(props), ...appProblems(props), ...taskProblems(props, task)];
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
    ...slotNames.flatMap((name) => valueProblem(`label of ${name}`, slots[name].label, slotLabelType)),
    ...(new Set(labels).size < labels.length
      ? [`label of ${slotNames.join(', ')}: got ${labels.join(', ')}, expected different ones`]
      : []),
  ];
}

function appProblems(props: BlueGreenServiceProps): string[] {
  const { reservedPorts } = props.trafficPlane.limits;
  return [
    ...valueProblem('serviceName', props.serviceName, serviceNameType),
    ...valueProblem('port', props.port, without(portType, reservedPorts)),
    ...valueProblem('desiredCount', props.desiredCount, taskCountType),
    ...valueProblem('healthCheckPath', props.healthCheckPath, healthCheckPathType),
    ...valueProblem('healthCheckGracePeriod', props.healthCheckGracePeriod?.toSeconds(), gracePeriodType),
    ...valueProblem('pathPrefix', props.pathPrefix, pathPrefixType),
    ...Object.keys(props.environment ?? {}).flatMap((name) => valueProblem('environment', name, variableNameType)),
  ];
}

function taskProblems({ trafficPlane }: BlueGreenServiceProps, task: TaskSize): string[] {
  const named = (name: keyof TaskSize) => ({ name, value: Token.isUnresolved(task[name]) ? undefined : task[name] });
  const { sidecars = [] } = trafficPlane;
  const memory = sidecars.map(({ name, memoryReservationMiB }) => ({ name, value: memoryReservationMiB }));
  const cpu = sidecars.map((sidecar) => ({ name: sidecar.name, value: sidecar.cpu }));
  return [
    ...valueProblem('appMemoryLimitMiB', task.appMemoryLimitMiB, containerMemoryType),
    taskSizeProblem(named('cpu'), named('memoryLimitMiB'))?.problem,
    taskShareProblem([named('appMemoryLimitMiB'), ...memory], named('memoryLimitMiB'), 'MiB'),
    taskShareProblem(cpu, named('cpu'), 'CPU units'),
  ].filter((problem) => problem !== undefined);
}

function valueProblem<T>(name: string, value: T | undefined, type: Pick<ValueType<T>, 'expected' | 'parse'>): string[] {
  return value === undefined || Token.isUnresolved(value) || type.parse(value) !== undefined
    ? []
    : [`${name}: got ${show(value)}, expected ${type.expected}`];
}

function without(type: ValueType<number>, reserved: readonly number[]): Pick<ValueType<number>, 'expected' | 'parse'> {
  return {
    expected: reserved.length > 0 ? `${type.expected} other than ${reserved.join(', ')}` : type.expected,
    parse: (value) => {
      const number = type.parse(value);
      return number !== undefined && reserved.includes(number) ? undefined : number;
    },
  };
}

// A load balancer takes patterns of up to 128 characters, in which * and ? stand for others.
const pathPrefixType: Pick<ValueType<string>, 'expected' | 'parse'> = {
  expected: 'a path of up to 126 characters that starts with /, without *, ? and spaces',
  parse: (value) => (typeof value === 'string' && /^\/[!-)+->@-~]{0,125}$/.test(value) ? value : undefined),
};

const variableNameType: Pick<ValueType<string>, 'expected' | 'parse'> = {
  expected: `names of letters, digits and _ with no digit first, other than ${reservedVariables.join(' and ')}`,
  parse: (value) =>
    typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value) && !reservedVariables.some((name) => name === value)
      ? value
      : undefined,
};
