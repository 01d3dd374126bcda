import * as fc from 'fast-check';
import { planeNames } from '../../lib/release/plane-limits';
import { canary, oldSlot, type ReleaseStep, release, rollback, wayOut } from '../../lib/release/release';
import { slotNames } from '../../lib/release/slots';
import { flagsOf } from '../../lib/settings/flags';
import { readSettings } from '../../lib/settings/read-settings';

const flags = (steps: readonly ReleaseStep[]) => steps.map(({ state }) => Object.values(flagsOf(state)).join(' '));

test('the release', () => {
  expect(release().map(({ name }) => name)).toEqual(['blue only', 'green at 0', '50/50', 'blue at 0', 'green only']);
  expect(flags(release())).toEqual(['true 1 false 0', 'true 1 true 0', 'true 1 true 1', 'true 0 true 1', 'false 0 true 1']);
});

test('each step says what it does', () => {
  expect(canary([5]).map(({ name, description }) => `${name}: ${description}`)).toEqual([
    'blue only: before the release: blue answers everything',
    'green at 0: starts green beside blue; no request reaches it yet',
    '95/5: green answers 5 % of the requests',
    'blue at 0: green answers everything; blue still runs, for a quick way back',
    'green only: stops blue; the release is done',
  ]);
});

test('the next release goes the other way, with the slots swapped', () => {
  const steps = release({ from: 'green', to: 'blue' });
  expect(steps[0]?.state).toEqual(release().at(-1)?.state);
  expect(steps.at(-1)?.state).toEqual(release()[0]?.state);
});

test('a canary has a step for each share, in lowest terms', () => {
  expect(flags(canary([1, 5, 25, 50]))).toEqual([
    'true 1 false 0',
    'true 1 true 0',
    'true 99 true 1',
    'true 19 true 1',
    'true 3 true 1',
    'true 1 true 1',
    'true 0 true 1',
    'false 0 true 1',
  ]);
  expect(canary([1, 5, 25, 50, 100])).toEqual(canary([1, 5, 25, 50]));
});

test.each([[[]], [[0]], [[101]], [[5, 5]], [[50, 25]], [[1.5]], [[Number.NaN]]])('refuses the ladder %j', (ladder) => {
  expect(() => canary(ladder)).toThrow(
    /^ladder: got .*, expected rising whole numbers from 1 to 100; for example 1,5,25,50,100$/,
  );
});

test('going back is the same states in reverse', () => {
  expect(flags(rollback(release(), 4))).toEqual(flags(release()).slice(0, 4).reverse());
  expect(rollback(release(), 2).map(({ name, description }) => `${name}: ${description}`)).toEqual([
    'back to green at 0: going back: starts green beside blue; no request reaches it yet',
    'back to blue only: going back: before the release: blue answers everything',
  ]);
  expect(flags(rollback(release(), 1))).toEqual(flags(release()).slice(0, 1));
});

test.each([0, 5, -1, 1.5, Number.NaN])('refuses to go back from step %d', (at) => {
  expect(() => rollback(release(), at)).toThrow(`rollback: got step ${at}, expected a whole number from 1 to 4`);
});

const names = (steps: readonly ReleaseStep[]) => steps.map(({ name }) => name).join(', ');

test.each([
  { from: 1, healthy: 'blue', way: 'back to blue only' },
  { from: 3, healthy: 'blue', way: 'back to green at 0, back to blue only' },
  { from: 5, healthy: 'blue', way: 'back to green at 0, back to blue only' },
  { from: 6, healthy: 'blue', way: 'back to green at 0, back to blue only' },
  { from: 7, healthy: 'blue', way: 'back to blue at 0, back to green at 0, back to blue only' },
  { from: 1, healthy: 'green', way: 'on to blue at 0, on to green only' },
  { from: 4, healthy: 'green', way: 'on to blue at 0, on to green only' },
  { from: 6, healthy: 'green', way: 'on to green only' },
  { from: 7, healthy: 'green', way: '' },
] as const)('from step $from of a canary, $healthy takes over in one jump: $way', ({ from, healthy, way }) => {
  expect(names(wayOut(canary([1, 5, 25, 50]), from, healthy))).toBe(way);
});

test('where no step starts the healthy slot without requests, the jump does', () => {
  const [blueOnly, , , half, , greenOnly] = canary([5, 50]) as ReleaseStep[];
  const steps = [blueOnly, half, greenOnly] as ReleaseStep[];
  expect(names(wayOut(steps, 2, 'blue'))).toBe('back to blue only');
});

test('a release may begin in the middle', () => {
  const steps = canary([20, 50]).slice(2);
  expect(oldSlot(steps)).toBe('blue');
  expect(names(wayOut(steps, 1, 'green'))).toBe('on to blue at 0, on to green only');
  expect(oldSlot(canary([20], { from: 'green', to: 'blue' }))).toBe('green');
});

test('the way out says what it does', () => {
  expect(wayOut(release(), 4, 'blue').map(({ description }) => description)).toEqual([
    'going back: starts blue; no request reaches it yet',
    'going back: blue answers everything; green still runs, without requests',
    'going back: stops green',
  ]);
  expect(() => wayOut(release(), 5, 'blue')).toThrow('way out: got step 5, expected a whole number from 1 to 4');
});

const ladders = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
  .map((shares) => shares.sort((a, b) => a - b));

test('every state of every canary is legal on every plane, and no step takes traffic from a slot and the slot itself at once', () => {
  fc.assert(
    fc.property(ladders, fc.constantFrom(...planeNames), fc.boolean(), (ladder, trafficPlane, swapped) => {
      const steps = canary(ladder, swapped ? { from: 'green', to: 'blue' } : undefined);
      for (const [index, { state }] of steps.entries()) {
        expect(readSettings({ ...flagsOf(state), trafficPlane }).notices).toEqual([]);
        const before = steps[index - 1]?.state;
        for (const slot of slotNames) {
          if (before?.[slot].active && !state[slot].active) {
            expect(before[slot].weight).toBe(0);
          }
          if (before && !before[slot].active && state[slot].active) {
            expect(state[slot].weight).toBe(0);
          }
        }
      }
    }),
  );
});
