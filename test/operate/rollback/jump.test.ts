import * as fc from 'fast-check';
import type { AskedService } from '../../../lib/operate/asked-service';
import { exitCodes } from '../../../lib/operate/exit-codes';
import type { LiveSlot, LiveState } from '../../../lib/operate/live/live-state';
import { OperateError } from '../../../lib/operate/operate-error';
import { type Jump, jumpFrom, type NoJump } from '../../../lib/operate/rollback/jump';
import type { ReleaseState } from '../../../lib/release/release';
import { type SlotName, slotNames } from '../../../lib/release/slots';
import { unsafeChanges } from '../../../lib/release/transition';

const asked: AskedService = { folder: '.', context: { stage: 'prod' }, stage: 'prod', stackName: 'shop-prod-blue-green' };

const flags = (blue: number | undefined, green: number | undefined): ReleaseState => ({
  blue: { active: blue !== undefined, weight: blue ?? 0 },
  green: { active: green !== undefined, weight: green ?? 0 },
});

/** A slot as it runs; blue is older unless it is said. */
function slot(weight: number | undefined, { running = 2, healthy = running as number | undefined, day = 1 } = {}): LiveSlot {
  return {
    weight,
    tasks: { desired: 2, running, pending: 0 },
    healthyTargets: healthy,
    rollingOut: false,
    createdAt: new Date(2026, 10, day),
    versionAt: new Date(2026, 10, day),
  };
}

const liveAs = ({ blue, green }: ReleaseState, days = { blue: 1, green: 2 }): LiveState => ({
  ...(blue.active ? { blue: slot(blue.weight, { day: days.blue }) } : {}),
  ...(green.active ? { green: slot(green.weight, { day: days.green }) } : {}),
});

test.each<[what: string, state: ReleaseState, days: { blue: number; green: number }, named: SlotName | undefined, to: SlotName]>([
  ['to the older one', flags(3, 1), { blue: 1, green: 2 }, undefined, 'blue'],
  ['whichever that is', flags(3, 1), { blue: 2, green: 1 }, undefined, 'green'],
  ['when it has no requests any more', flags(0, 1), { blue: 1, green: 2 }, undefined, 'blue'],
  ['to the one that is named', flags(3, 1), { blue: 1, green: 2 }, 'green', 'green'],
  ['to the one that is named, though both are as old', flags(3, 1), { blue: 1, green: 1 }, 'green', 'green'],
])('one jump %s', (_, state, days, named, to) => {
  const jump = jumpFrom(asked, state, liveAs(state, days), named) as Jump;
  expect(jump).toEqual({ to, after: to === 'blue' ? flags(1, 0) : flags(0, 1) });
});

const bring =
  'comes back with npx cdk deploy shop-prod-blue-green -c blueActive=true -c blueWeight=0 -c greenActive=true -c greenWeight=1 ' +
  '-c stage=prod, and then npm run release -- rollback --to blue -c stage=prod';

test.each<[what: string, state: ReleaseState, named: SlotName | undefined, answer: NoJump]>([
  [
    'one slot only',
    flags(undefined, 1),
    undefined,
    {
      fact: 'green answers everything and blue is off',
      advice: `blue ${bring}`,
      isThere: false,
    },
  ],
  ['the slot is there', flags(7, 0), undefined, { fact: 'blue answers everything already', advice: undefined, isThere: true }],
  [
    'the one that is named is there',
    flags(0, 5),
    'green',
    { fact: 'green answers everything already', advice: undefined, isThere: true },
  ],
])('nothing to do: %s', (_, state, named, answer) => {
  expect(jumpFrom(asked, state, liveAs(state), named)).toEqual(answer);
});

const half = flags(1, 1);
test.each<[what: string, state: ReleaseState, live: LiveState, named: SlotName | undefined, code: number, message: string]>([
  [
    'a slot that is off',
    flags(undefined, 1),
    liveAs(flags(undefined, 1)),
    'blue',
    exitCodes.refused,
    `--to: got blue, which is off, expected green; blue ${bring}`,
  ],
  [
    'a slot without a running task',
    half,
    { ...liveAs(half), blue: slot(1, { running: 0 }) },
    undefined,
    exitCodes.refused,
    'blue: 0 of 2 tasks run, expected one at least before it gets all requests; look at why with the events of its ECS service',
  ],
  [
    'a slot of which no task is healthy',
    half,
    { ...liveAs(half), blue: slot(1, { healthy: 0 }) },
    undefined,
    exitCodes.refused,
    'blue: 0 of 2 tasks healthy, expected one at least before it gets all requests; look at its health check',
  ],
  [
    'slots that are equally old',
    half,
    liveAs(half, { blue: 1, green: 1 }),
    undefined,
    exitCodes.refused,
    '--to: got none, expected blue or green, since blue and green were made by the same deploy; name the one that is to answer everything: ' +
      'npm run release -- rollback --to blue -c stage=prod, or npm run release -- rollback --to green -c stage=prod',
  ],
  [
    'an older slot with the newer version',
    flags(0, 1),
    { ...liveAs(flags(0, 1)), blue: { ...slot(0), versionAt: new Date(2026, 10, 3) } },
    undefined,
    exitCodes.refused,
    '--to: got none, expected blue or green, since blue is the older slot, and got its version after green was made; name the one that is to ' +
      'answer everything: npm run release -- rollback --to blue -c stage=prod, or npm run release -- rollback --to green -c stage=prod',
  ],
  [
    'a slot whose service is gone',
    half,
    { green: slot(1) },
    undefined,
    exitCodes.differs,
    'blue: deployed, but its ECS service is not there; npx cdk deploy shop-prod-blue-green --revert-drift -c stage=prod',
  ],
  [
    'weights that somebody has changed by hand',
    flags(1, 0),
    liveAs(half),
    undefined,
    exitCodes.differs,
    'live and deployed differ: blue 50 %, green 50 % live, blue 100 %, green 0 % deployed; npx cdk deploy shop-prod-blue-green --revert-drift -c stage=prod',
  ],
  [
    'a rule without weights',
    flags(1, 0),
    { blue: slot(undefined), green: slot(undefined, { day: 2 }) },
    undefined,
    exitCodes.differs,
    'live and deployed differ: no slot live, blue 100 %, green 0 % deployed; npx cdk deploy shop-prod-blue-green --revert-drift -c stage=prod',
  ],
  [
    'no slot at all',
    flags(undefined, undefined),
    {},
    undefined,
    exitCodes.differs,
    'stack shop-prod-blue-green: got no slot that is on, expected one',
  ],
])('refused: %s', (_, state, live, named, code, message) => {
  const problem = (() => {
    try {
      return jumpFrom(asked, state, live, named);
    } catch (error) {
      return error;
    }
  })() as OperateError;
  expect(problem).toBeInstanceOf(OperateError);
  expect([problem.exitCode, problem.message]).toEqual([code, message]);
});

test('where the plane does not tell who is healthy, the tasks count', () => {
  const live = { ...liveAs(half), blue: { ...slot(1), healthyTargets: undefined } };
  expect(jumpFrom(asked, half, live, undefined)).toMatchObject({ to: 'blue' });
});

test('weights that are changed by hand keep nobody from going back: the jump puts them right', () => {
  expect(jumpFrom(asked, flags(3, 1), liveAs(flags(1, 9)), undefined)).toMatchObject({ to: 'blue', after: flags(1, 0) });
});

test('from any weights: no slot goes or comes, the guard lets it through, and it is there after one jump', () => {
  const weights = fc.tuple(fc.nat(999), fc.nat(999)).filter(([blue, green]) => blue + green > 0);
  const deployed = ({ blue, green }: ReleaseState) => ({
    ...{ shape: 1, routeWaits: false, wayIn: { plane: 'lattice' } },
    slots: {
      blue: { weight: blue.weight, minCapacity: 4, maxCapacity: 9 },
      green: { weight: green.weight, minCapacity: 4, maxCapacity: 9 },
    },
  });
  fc.assert(
    fc.property(weights, fc.constantFrom(undefined, ...slotNames), ([blue, green], named) => {
      const state = flags(blue, green);
      const jump = jumpFrom(asked, state, liveAs(state), named);
      const after = 'to' in jump ? jump.after : state;
      const to = named ?? 'blue';
      expect(slotNames.every((name) => after[name].active && after[name].weight > 0 === (name === to))).toBe(true);
      expect(unsafeChanges(deployed(state), deployed(after))).toEqual([]);
      expect(jumpFrom(asked, after, liveAs(after), named)).toMatchObject({ isThere: true });
    }),
  );
});
