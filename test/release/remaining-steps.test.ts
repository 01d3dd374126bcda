import fc from 'fast-check';
import type { DeployedState } from '../../lib/release/deployed-state';
import type { ReleaseState } from '../../lib/release/release';
import { releasePosition, remainingSteps } from '../../lib/release/remaining-steps';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { unsafeChanges } from '../../lib/release/transition';

const ladder = [5, 25, 50, 100];
const off = { active: false, weight: 0 };
const on = (weight: number) => ({ active: true, weight });

describe('what is left of a release', () => {
  it.each<[string, ReleaseState, readonly string[]]>([
    ['blue only', { blue: on(1), green: off }, ['green at 0', '95/5', '75/25', '50/50', 'blue at 0', 'green only']],
    [
      'blue only, with any weight',
      { blue: on(7), green: { active: false, weight: 3 } },
      ['green at 0', '95/5', '75/25', '50/50', 'blue at 0', 'green only'],
    ],
    ['green at 0', { blue: on(3), green: on(0) }, ['95/5', '75/25', '50/50', 'blue at 0', 'green only']],
    ['below the first share', { blue: on(99), green: on(1) }, ['95/5', '75/25', '50/50', 'blue at 0', 'green only']],
    ['95/5', { blue: on(19), green: on(1) }, ['75/25', '50/50', 'blue at 0', 'green only']],
    ['half, in other numbers', { blue: on(50), green: on(50) }, ['blue at 0', 'green only']],
    ['between two steps', { blue: on(7), green: on(13) }, ['blue at 0', 'green only']],
    ['blue at 0', { blue: on(0), green: on(9) }, ['green only']],
    ['green only', { blue: off, green: on(4) }, []],
  ])('is from %s on each step that is still ahead', (_, state, names) => {
    expect(remainingSteps({ ladder, to: 'green' }, state).map(({ name }) => name)).toEqual(names);
  });

  it('goes the other way from the same state', () => {
    const names = remainingSteps({ ladder, to: 'blue' }, { blue: on(7), green: on(13) }).map(({ name }) => name);
    expect(names).toEqual(['50/50', 'green at 0', 'blue only']);
  });

  it.each<[ReleaseState, number, boolean]>([
    [{ blue: on(1), green: off }, 0, true],
    [{ blue: on(1), green: on(0) }, 1, true],
    [{ blue: on(15), green: on(5) }, 3, true],
    [{ blue: on(7), green: on(13) }, 4, false],
    [{ blue: off, green: on(1) }, 6, true],
  ])('tells whether %j is a step or lies between two', (state, at, exact) => {
    expect(releasePosition({ ladder, to: 'green' }, state)).toMatchObject({ at, exact });
  });

  it('does not take a ladder that falls', () => {
    expect(() => remainingSteps({ ladder: [50, 5], to: 'green' }, { blue: on(1), green: off })).toThrow('ladder: got [50,5]');
  });
});

const slotState = fc.record({ active: fc.boolean(), weight: fc.integer({ min: 0, max: 999 }) });
const legalState = fc
  .record({ blue: slotState, green: slotState })
  .filter(({ blue, green }) => (blue.active ? blue.weight : 0) + (green.active ? green.weight : 0) > 0);
const course = fc.record({
  ladder: fc
    .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
    .map((shares) => shares.sort((a, b) => a - b)),
  to: fc.constantFrom(...slotNames),
});

// On the plane that asks for most: its route does not wait for a slot that joins.
function deployed(state: ReleaseState): DeployedState {
  const active = slotNames.filter((slot) => state[slot].active);
  return {
    shape: 1,
    routeWaits: false,
    wayIn: { plane: 'lattice' },
    slots: Object.fromEntries(active.map((slot) => [slot, { weight: state[slot].weight, image: slot }])),
  };
}

describe('a release from any state', () => {
  it('ends after as many steps as were said, each of them safe', () => {
    fc.assert(
      fc.property(course, legalState, (way, start) => {
        const said = remainingSteps(way, start).length;
        let [state, taken] = [start, 0];
        for (let [next] = remainingSteps(way, state); next; [next] = remainingSteps(way, state)) {
          expect(unsafeChanges(deployed(state), deployed(next.state))).toEqual([]);
          [state, taken] = [next.state, taken + 1];
        }
        expect(taken).toBe(said);
        const from: SlotName = slotNames.find((slot) => slot !== way.to) as SlotName;
        expect([state[way.to].active, state[from].active]).toEqual([true, false]);
      }),
    );
  });

  it('can be planned again after a jump back, which is safe itself', () => {
    fc.assert(
      fc.property(course, legalState, (way, start) => {
        const old: SlotName = slotNames.find((slot) => slot !== way.to) as SlotName;
        fc.pre(start[old].active);
        const jumped = { ...start, [old]: on(1), [way.to]: { ...start[way.to], weight: 0 } } as ReleaseState;
        expect(unsafeChanges(deployed(start), deployed(jumped))).toEqual([]);
        const { at, exact, steps } = releasePosition(way, jumped);
        expect({ at, exact }).toEqual({ at: start[way.to].active ? 1 : 0, exact: true });
        expect(remainingSteps(way, jumped)).toEqual(steps.slice(at + 1));
      }),
    );
  });
});
