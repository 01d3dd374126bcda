import { type NamedPlane, type PlaneName, planeLimits } from '../release/plane-limits';
import { type SlotName, slotNames } from '../release/slots';
import { environmentSizeProblem } from './environment-size';
import { appKeys, perSlotKeyName } from './keys';
import { variablesInBothProblem } from './secret-references';
import { execProblem, reservedUserProblem } from './service-values';
import type { VersionSettings } from './settings';
import { taskShareProblem, taskSizeProblem } from './task-size';

/** A version as far as it could be read; the rest is not judged. */
type PartialVersion = { readonly [K in keyof VersionSettings]?: VersionSettings[K] | undefined };

/** What is said of the app, as far as it could be read. */
type PartialApp = PartialVersion & { readonly exec?: boolean | undefined };

/**
 * What is wrong with the tasks of the slots, one line each. Keys are named as the user gave them, so that what both slots have from
 * the same keys reads the same, and is said once.
 *
 * @param app what is said of the app
 * @param slots what counts for each slot
 * @param isGiven whether the context has a value of its own for a key
 */
export function versionProblems(
  plane: PlaneName | undefined,
  app: PartialApp,
  slots: Readonly<Record<SlotName, PartialVersion>>,
  isGiven: (name: string) => boolean,
): readonly string[] {
  return [
    ...new Set([
      ...slotNames.flatMap((slot) => slotProblems(plane, slot, slots[slot], app.exec, isGiven)),
      // Also a port that no slot has: callers may know the service by it.
      ...portProblems(plane, 'appPort', app.appPort),
    ]),
  ];
}

function slotProblems(
  plane: PlaneName | undefined,
  slot: SlotName,
  version: PartialVersion,
  exec: boolean | undefined,
  isGiven: (name: string) => boolean,
): readonly string[] {
  const problems: string[] = [];
  const limits: NamedPlane | undefined = plane && planeLimits[plane];

  const ofSlot = (key: keyof VersionSettings) => isGiven(perSlotKeyName(slot, key));
  const nameOf = (key: keyof VersionSettings) => (ofSlot(key) ? perSlotKeyName(slot, key) : key);
  const named = (key: keyof VersionSettings) => ({ name: nameOf(key), value: version[key] as number | undefined });
  // What only this slot needs is said of this slot: the key of the app would change the other one, too.
  const toChange = (key: keyof VersionSettings, cause: readonly (keyof VersionSettings)[]) =>
    cause.some(ofSlot) ? perSlotKeyName(slot, key) : key;

  const wrongSize = taskSizeProblem(named('taskCpu'), named('taskMemory'));
  if (wrongSize) {
    problems.push(
      `${wrongSize.problem}; for example -c ${toChange('taskMemory', ['taskCpu', 'taskMemory'])}=${wrongSize.memory}`,
    );
  }

  if (limits) {
    const share = (parts: readonly (keyof VersionSettings)[], size: 'taskCpu' | 'taskMemory', unit: string) =>
      taskShareProblem(parts.map(named), named(size), unit, toChange(size, [...parts, size])) ?? [];
    // Without sidecars only the app counts.
    const memory = limits.sidecars ? (['envoyMemoryReservation', 'xrayMemoryReservation'] as const) : [];
    const cpu = limits.sidecars ? (['envoyCpu', 'xrayCpu'] as const) : [];
    problems.push(...[share(['appMemory', ...memory], 'taskMemory', 'MiB'), share(cpu, 'taskCpu', 'CPU units')].flat());
  }

  const part = <K extends keyof VersionSettings, T>(key: K, none: T) => ({ name: nameOf(key), value: version[key] ?? none });
  const wrongEnvironment = environmentSizeProblem({
    environment: part('appEnvironment', {}),
    commands: [part('appCommand', []), part('appHealthCheckCommand', [])],
    secrets: part('appSecrets', {}),
  });
  if (wrongEnvironment) {
    problems.push(wrongEnvironment);
  }

  return [
    ...problems,
    ...containerProblems(plane, version, exec, nameOf),
    ...portProblems(plane, nameOf('appPort'), version.appPort),
  ];
}

function containerProblems(
  plane: PlaneName | undefined,
  { appEnvironment = {}, appSecrets = {}, appUser, appReadonlyRootFilesystem }: PartialVersion,
  exec: boolean | undefined,
  nameOf: (key: keyof VersionSettings) => string,
): readonly string[] {
  const wrongExec = execProblem(
    { name: nameOf('appReadonlyRootFilesystem'), value: appReadonlyRootFilesystem },
    { name: 'exec', value: exec },
  );
  return [
    variablesInBothProblem(
      { name: nameOf('appEnvironment'), value: appEnvironment },
      { name: nameOf('appSecrets'), value: appSecrets },
    ),
    plane && appUser !== undefined
      ? reservedUserProblem({ name: nameOf('appUser'), value: appUser }, plane, planeLimits[plane].reservedUserIds)
      : undefined,
    wrongExec && `${wrongExec}; for example -c exec=false`,
  ].filter((problem) => problem !== undefined);
}

function portProblems(plane: PlaneName | undefined, name: string, port: number | undefined): readonly string[] {
  const limits: NamedPlane | undefined = plane && planeLimits[plane];
  return limits && port !== undefined && limits.reservedPorts.includes(port)
    ? [
        `${name}: got ${port}, expected a port other than ${limits.reservedPorts.join(', ')}, which belong to the sidecars on ` +
          `${plane}; for example -c ${name}=${appKeys.appPort.example}`,
      ]
    : [];
}
