// @ts-check
// Which state may follow which. The release guard runs this file in the account, as it is: plain JavaScript that needs nothing else.

/** @import { DeployedSlot, DeployedState, SettingValue, UnsafeChange } from './deployed-state' */

/**
 * What a deploy must not do: a slot that answers requests before it is still there after it, and the same.
 *
 * Weights change freely. A slot without requests may do anything, and may get weight in the same deploy where the plane's route waits
 * until it can answer.
 *
 * @param {DeployedState} before
 * @param {DeployedState} after
 * @returns {UnsafeChange[]} nothing when the deploy is safe
 */
function unsafeChanges(before, after) {
  const sameShape = `${before.shape}` === `${after.shape}`;
  // Another plane brings other settings along: one sentence says it.
  if (`${before.wayIn.plane}` !== `${after.wayIn.plane}`) {
    return [
      ...wayInChanges({ plane: before.wayIn.plane }, { plane: after.wayIn.plane }, sameShape),
      ...leaving(before, after, []),
    ];
  }
  const early = tooEarly(before, after, sameShape);
  return [
    ...wayInChanges(before.wayIn, after.wayIn, sameShape),
    ...leaving(before, after, early),
    ...changing(before, after, sameShape),
    ...shrinking(before, after),
    ...early,
  ];
}

/**
 * @param {DeployedState['wayIn']} was
 * @param {DeployedState['wayIn']} is
 * @param {boolean} sameShape
 * @returns {UnsafeChange[]}
 */
function wayInChanges(was, is, sameShape) {
  return differences(was, is, sameShape).map((difference) => ({ ...difference, kind: 'way-in' }));
}

/**
 * The slots that answer requests before and are gone after.
 *
 * @param {DeployedState} before
 * @param {DeployedState} after
 * @param {readonly UnsafeChange[]} early
 * @returns {UnsafeChange[]}
 */
function leaving(before, after, early) {
  const relieved = Object.keys(after.slots).some(
    (slot) => hasRequests(after.slots[slot]) && !early.some((change) => change.slot === slot),
  );
  return answering(before)
    .filter((slot) => after.slots[slot] === undefined)
    .map((slot) => {
      const weight = weightOf(before.slots[slot]);
      return { kind: 'leaves', slot, weight, setting: 'active', got: 'false', expected: 'true', relieved };
    });
}

/**
 * The slots that answer requests before and are not the same after.
 *
 * @param {DeployedState} before
 * @param {DeployedState} after
 * @param {boolean} sameShape
 * @returns {UnsafeChange[]}
 */
function changing(before, after, sameShape) {
  return answering(before).flatMap((slot) =>
    versionChanges(before.slots[slot], after.slots[slot], sameShape).map((difference) => {
      return { ...difference, kind: 'changes', slot, weight: weightOf(before.slots[slot]) };
    }),
  );
}

/**
 * The slots that answer requests and could lose tasks at once: a desired count takes the place of scaling, or scaling that of a desired
 * count, and is below what that may have come to. A number in place of another number of the same kind is meant as it is.
 *
 * @param {DeployedState} before
 * @param {DeployedState} after
 * @returns {UnsafeChange[]}
 */
function shrinking(before, after) {
  return answering(before).flatMap((slot) => {
    const [was, is] = [before.slots[slot], after.slots[slot]];
    const [most, now] = [was, is].map((state) => state?.maxCapacity ?? state?.desiredCount);
    const switched = (was?.maxCapacity === undefined) !== (is?.maxCapacity === undefined);
    const got = is?.maxCapacity === undefined ? undefined : `${is.maxCapacity}`;
    return is && switched && Number(now) < Number(most)
      ? [{ kind: 'shrinks', slot, weight: weightOf(was), setting: 'maxCapacity', got, expected: `${most}` }]
      : [];
  });
}

/**
 * The slots that get requests in the deploy that makes them what they are, on a plane whose route does not wait for them; and those that
 * scale, and get requests in the deploy that asks for more tasks: no route waits for these.
 *
 * @param {DeployedState} before
 * @param {DeployedState} after
 * @param {boolean} sameShape
 * @returns {UnsafeChange[]}
 */
function tooEarly(before, after, sameShape) {
  const waits = `${after.routeWaits}` === 'true';
  return answering(after)
    .filter((slot) => !hasRequests(before.slots[slot]))
    .flatMap((slot) => {
      const [was, is] = [before.slots[slot], after.slots[slot]];
      const tasks = missingTasks(was, is);
      const early = tasks !== undefined || (!waits && (was === undefined || versionChanges(was, is, sameShape).length > 0));
      const weight = weightOf(is);
      return early ? [{ kind: 'too-early', slot, weight, setting: 'weight', got: `${weight}`, expected: '0', tasks }] : [];
    });
}

/**
 * How many tasks are there, and how many are asked for, when those do not come with the deploy: ECS starts a service that scales with one
 * task, and leaves the count of one that is there as it is. Another label is another service.
 *
 * @param {DeployedSlot | undefined} was
 * @param {DeployedSlot | undefined} is
 * @returns {UnsafeChange['tasks']}
 */
function missingTasks(was, is) {
  const known = `${was?.label}` === `${is?.label}` ? was : undefined;
  const there = Number(known?.minCapacity ?? known?.desiredCount ?? 1);
  const wanted = Number(is?.minCapacity ?? 0);
  return wanted > there ? { there, wanted } : undefined;
}

// What may change under requests.
const noVersion = { weight: undefined, desiredCount: undefined, minCapacity: undefined, maxCapacity: undefined };

/** @param {DeployedState} state */
function answering(state) {
  return Object.keys(state.slots).filter((slot) => hasRequests(state.slots[slot]));
}

/** @param {DeployedSlot | undefined} slot */
function hasRequests(slot) {
  return slot !== undefined && weightOf(slot) !== 0;
}

/** @param {DeployedSlot | undefined} slot */
function weightOf(slot) {
  return Number(slot?.weight);
}

/**
 * What of a version is not the same; nothing when the slot is gone.
 *
 * @param {DeployedSlot | undefined} was
 * @param {DeployedSlot | undefined} is
 * @param {boolean} sameShape
 */
function versionChanges(was, is, sameShape) {
  return was && is ? differences({ ...was, ...noVersion }, { ...is, ...noVersion }, sameShape) : [];
}

/** @typedef {Pick<UnsafeChange, 'setting' | 'got' | 'expected'>} Difference */

/**
 * The settings that are not the same. One that only one side has counts when both sides write down the same settings.
 *
 * @param {Readonly<Record<string, SettingValue | undefined>>} was
 * @param {Readonly<Record<string, SettingValue | undefined>>} is
 * @param {boolean} sameShape
 * @returns {Difference[]}
 */
function differences(was, is, sameShape) {
  const compared = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (setting) => sameShape || (was[setting] !== undefined && is[setting] !== undefined),
  );
  return compared.flatMap((setting) => {
    const old = parts(setting, was[setting]);
    const now = parts(setting, is[setting]);
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((part) => old.get(part) !== now.get(part))
      .map((part) => ({ setting: part, got: now.get(part), expected: old.get(part) }));
  });
}

/**
 * A setting under its name, or each of its `NAME=value` under a name of its own.
 *
 * @param {string} setting
 * @param {SettingValue | undefined} value
 * @returns {Map<string, string>}
 */
function parts(setting, value) {
  if (value === undefined) {
    return new Map();
  }
  return typeof value === 'object'
    ? new Map(
        value.map((pair) => {
          const end = pair.indexOf('=');
          return /** @type {const} */ ([`${setting}.${pair.slice(0, end)}`, pair.slice(end + 1)]);
        }),
      )
    : new Map([[setting, `${value}`]]);
}

exports.unsafeChanges = unsafeChanges;
