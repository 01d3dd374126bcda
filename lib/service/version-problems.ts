import { Token } from 'aws-cdk-lib';
import { stopTimeoutOfEcs } from '../release/plane-limits';
import { type SlotName, slotNames } from '../release/slots';
import { commandWords } from '../settings/command-words';
import { environmentSizeProblem } from '../settings/environment-size';
import { variableName } from '../settings/environment-variables';
import { variablesInBothProblem } from '../settings/secret-references';
import {
  containerCpuType,
  containerMemoryType,
  containerUserType,
  cpuArchitectureType,
  execProblem,
  healthCheckPathType,
  platformVersionType,
  portType,
  reservedUserProblem,
  stopTimeoutType,
  versionType,
} from '../settings/service-values';
import { taskShareProblem, taskSizeProblem } from '../settings/task-size';
import type { ValueType } from '../settings/value-type';
import type { BlueGreenServiceProps } from './blue-green-service-props';
import { capacityProblems } from './capacity-problems';
import { valueProblem } from './value-problem';
import { type Version, versionOf } from './version';
import type { VersionProps } from './version-props';

/**
 * What is wrong with the versions of the slots, active or not, one line each. A property is named where it was given, on the service or
 * on a slot, so that what both slots have from the service reads the same, and is said once.
 */
export function versionProblems(props: BlueGreenServiceProps): string[] {
  return [
    ...new Set([
      // Also a port that no slot has: callers may know the service by it.
      ...valueProblem('port', props.port, portOf(props)),
      ...slotNames.flatMap((slot) => [
        ...slotValueProblems(props, slot),
        ...sidecarProblems(props, slot),
        ...taskProblems(props, slot),
      ]),
    ]),
  ];
}

function slotValueProblems(props: BlueGreenServiceProps, slot: SlotName): string[] {
  const version = versionOf(props, slot);
  const nameOf = nameIn(props, slot);
  return [
    ...valueProblem(nameOf('port'), version.port, portOf(props)),
    ...valueProblem(nameOf('healthCheckPath'), version.healthCheckPath, healthCheckPathType),
    ...valueProblem(nameOf('command'), withStandIns(version.command), commandWords),
    ...valueProblem(nameOf('healthCheckCommand'), withStandIns(version.healthCheckCommand), ecsHealthCheckCommand),
    ...Object.keys(version.environment).flatMap((name) => valueProblem(nameOf('environment'), name, variableName)),
    ...environmentProblems(version, nameOf),
    ...Object.keys(version.secrets).flatMap((name) => valueProblem(nameOf('secrets'), name, variableName)),
    ...valueProblem(nameOf('user'), version.user, containerUserType),
    ...valueProblem(nameOf('stopTimeout'), version.stopTimeout.toSeconds({ integral: false }), stopTimeoutOf(props)),
    ...valueProblem<string>(nameOf('cpuArchitecture'), version.cpuArchitecture._cpuArchitecture, cpuArchitectureType),
    ...containerProblems(props, version, nameOf),
    ...valueProblem(nameOf('appMemoryLimitMiB'), version.appMemoryLimitMiB, containerMemoryType),
    ...valueProblem<string>(nameOf('platformVersion'), version.platformVersion, platformVersionType),
    ...capacityProblems(
      version.capacityProviderStrategies,
      props.slots[slot].capacityProviderStrategies === undefined ? undefined : slot,
    ),
    ...valueProblem(`version of ${slot}`, props.slots[slot].version, versionType),
  ];
}

// Each word has its place, also one that only the deploy knows.
function withStandIns(words: readonly string[] | undefined): readonly string[] | undefined {
  return Token.isUnresolved(words) ? undefined : words?.map((word) => (Token.isUnresolved(word) ? 'word' : word));
}

function containerProblems(
  { trafficPlane, enableExecuteCommand }: BlueGreenServiceProps,
  { environment, secrets, user, readonlyRootFilesystem }: Version,
  nameOf: (key: keyof VersionProps) => string,
): string[] {
  const { planeName, limits } = trafficPlane;
  const wrongExec = execProblem(
    { name: nameOf('readonlyRootFilesystem'), value: readonlyRootFilesystem },
    { name: 'enableExecuteCommand', value: enableExecuteCommand },
  );
  return [
    variablesInBothProblem({ name: nameOf('environment'), value: environment }, { name: nameOf('secrets'), value: secrets }),
    user === undefined || Token.isUnresolved(user)
      ? undefined
      : reservedUserProblem({ name: nameOf('user'), value: user }, planeName, limits.reservedUserIds ?? []),
    wrongExec && `${wrongExec}; set enableExecuteCommand to false`,
  ].filter((problem) => problem !== undefined);
}

function environmentProblems(
  { environment, command, healthCheckCommand, secrets }: Version,
  nameOf: (key: keyof VersionProps) => string,
): string[] {
  const wrong = Object.values(environment).flatMap((value) =>
    valueProblem<string>(nameOf('environment'), value, variableValueType),
  );
  const tooLarge =
    wrong.length > 0
      ? undefined
      : environmentSizeProblem({
          environment: { name: nameOf('environment'), value: environment },
          commands: [
            { name: nameOf('command'), value: withStandIns(command) ?? [] },
            { name: nameOf('healthCheckCommand'), value: withStandIns(healthCheckCommand) ?? [] },
          ],
          secrets: {
            name: nameOf('secrets'),
            value: Object.fromEntries(Object.entries(secrets).map(([name, { arn }]) => [name, arn])),
          },
        });
  return tooLarge === undefined ? wrong : [tooLarge];
}

function sidecarProblems({ trafficPlane, slots }: BlueGreenServiceProps, slot: SlotName): string[] {
  const known = (trafficPlane.sidecars ?? []).map(({ name }) => name);
  const expected =
    known.length > 0
      ? `a sidecar of ${trafficPlane.planeName}: ${known.join(', ')}`
      : `none, since ${trafficPlane.planeName} has no sidecars`;
  return Object.entries(slots[slot].sidecars ?? {}).flatMap(([name, { cpu, memoryReservationMiB }]) => [
    ...valueProblem(`sidecars of ${slot}`, name, { expected, parse: (value) => known.find((each) => each === value) }),
    ...valueProblem(`cpu of ${name} of ${slot}`, cpu, containerCpuType),
    ...valueProblem(`memoryReservationMiB of ${name} of ${slot}`, memoryReservationMiB, containerMemoryType),
  ]);
}

function taskProblems(props: BlueGreenServiceProps, slot: SlotName): string[] {
  const version = versionOf(props, slot);
  const nameOf = nameIn(props, slot);
  const named = (name: string, value: number | undefined) => ({ name, value: Token.isUnresolved(value) ? undefined : value });
  const ofTask = (key: 'cpu' | 'memoryLimitMiB' | 'appMemoryLimitMiB') => named(nameOf(key), version[key]);
  const ofSidecars = (key: 'cpu' | 'memoryReservationMiB') =>
    Object.values(version.sidecars).map((sidecar) =>
      named(
        props.slots[slot].sidecars?.[sidecar.name]?.[key] === undefined ? sidecar.name : `${sidecar.name} of ${slot}`,
        sidecar[key],
      ),
    );
  return [
    taskSizeProblem(ofTask('cpu'), ofTask('memoryLimitMiB'))?.problem,
    taskShareProblem([ofTask('appMemoryLimitMiB'), ...ofSidecars('memoryReservationMiB')], ofTask('memoryLimitMiB'), 'MiB'),
    taskShareProblem(ofSidecars('cpu'), ofTask('cpu'), 'CPU units'),
  ].filter((problem) => problem !== undefined);
}

/** How a property is called in a message: by its name, with the slot when it was given there. */
function nameIn({ slots }: BlueGreenServiceProps, slot: SlotName): (key: keyof VersionProps) => string {
  return (key) => (slots[slot][key] === undefined ? key : `${key} of ${slot}`);
}

function portOf({ trafficPlane }: BlueGreenServiceProps): Pick<ValueType<number>, 'expected' | 'parse'> {
  const { reservedPorts } = trafficPlane.limits;
  return {
    expected: reservedPorts.length > 0 ? `${portType.expected} other than ${reservedPorts.join(', ')}` : portType.expected,
    parse: (value) => {
      const number = portType.parse(value);
      return number !== undefined && reservedPorts.includes(number) ? undefined : number;
    },
  };
}

function stopTimeoutOf({ trafficPlane }: BlueGreenServiceProps): Pick<ValueType<number>, 'expected' | 'parse'> {
  return stopTimeoutType((trafficPlane.limits.stopTimeout ?? stopTimeoutOfEcs).least);
}

const ecsHealthCheckCommand: Pick<ValueType<readonly string[]>, 'expected' | 'parse'> = {
  expected: 'CMD-SHELL and a command, or CMD, a program and its arguments',
  parse: (value) => {
    const [kind, ...words] = commandWords.parse(value) ?? [];
    return (kind === 'CMD-SHELL' && words.length === 1) || (kind === 'CMD' && words.length > 0) ? [kind, ...words] : undefined;
  },
};

const variableValueType: Pick<ValueType<string>, 'expected' | 'parse'> = {
  expected: 'texts without NUL',
  parse: (value) => (typeof value === 'string' && !value.includes('\0') ? value : undefined),
};
