import * as fc from 'fast-check';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { stateKeyNames } from '../../lib/settings/keys';
import { type Context, freshContext } from '../fresh-context';
import { problemsOf } from '../settings/context';
import { company, keyOfApp, keys, said, valuesOf } from './other-values';

const flag = <T>(legal: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: legal }, { weight: 1, arbitrary: legal.map((value) => `${value}`) });
const weight = fc.oneof(fc.constantFrom(0, 1, 2, 50, 99, 100, 101, 999, 1000, -1), fc.nat(1000));

const state = {
  blueActive: flag(fc.boolean()),
  blueWeight: flag(weight),
  greenActive: flag(fc.boolean()),
  greenWeight: flag(weight),
};

// Which plane is said beside them, and another stage is another context.
const chosen = ['trafficPlane', 'stage'];

/** The values that the table of keys has for a key, on the planes that have the key; to leave it away is likeliest. */
function valuesOn(plane: PlaneName): Record<string, fc.Arbitrary<unknown>> {
  const others = keys.filter(([name]) => !chosen.includes(name) && !stateKeyNames.includes(name));
  return Object.fromEntries(
    others.map(([name, key]) => {
      // A key that the plane has no use for changes nothing, but may stand there.
      const values = valuesOf(
        name,
        key,
        key.planes === undefined || key.planes.includes(plane) ? plane : (key.planes[0] ?? plane),
      );
      const some = values.filter((value) => value !== undefined);
      return [
        name,
        fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...some) }),
      ];
    }),
  );
}

const settingsOn = (plane: PlaneName): fc.Arbitrary<Context> =>
  fc.record(valuesOn(plane)).map((values) => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    // What a value needs beside it, so that more than errors come out.
    const beside = given.flatMap(([name, value]) => [company[keyOfApp(name)] ?? {}, said(name, value)]);
    return Object.assign({}, ...beside, Object.fromEntries(given)) as Context;
  });

const contextOn = (settings: (plane: PlaneName) => fc.Arbitrary<Context>, own: fc.Arbitrary<Context>): fc.Arbitrary<Context> =>
  fc
    .constantFrom(...planeNames)
    .chain((trafficPlane) => fc.tuple(settings(trafficPlane), own).map(([some, flags]) => ({ ...some, ...flags, trafficPlane })));

/** Any state of the slots, legal or not, with any of the other keys at any of their values. A new key is in it by itself. */
export const anyFlags: fc.Arbitrary<Context> = contextOn(settingsOn, fc.record(state));

/** Any of the keys that say nothing of the state, legal with both slots at any weights. */
export const anySettings: fc.Arbitrary<Context> = contextOn(settingsOn, fc.constant({})).filter(
  (settings) => problemsOf({ ...freshContext, ...settings, greenActive: true }).length === 0,
);
