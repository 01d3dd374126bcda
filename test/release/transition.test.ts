import fc from 'fast-check';
import type { DeployedSlot, DeployedState, UnsafeChange } from '../../lib/release/deployed-state';
import { canary, type ReleaseState, type ReleaseStep, release, rollback, wayOut } from '../../lib/release/release';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { unsafeChanges } from '../../lib/release/transition';

const images = ['shop:1', 'shop:2', 'shop:3'];
const wayIn = { plane: 'load-balancer', scheme: 'public' };

const state = (slots: DeployedState['slots'], more: Partial<DeployedState> = {}): DeployedState => ({
  shape: 1,
  routeWaits: true,
  wayIn,
  slots,
  ...more,
});
const slot = (weight: number, image = images[0] as string, more: Partial<DeployedSlot> = {}) =>
  ({ weight, image, environment: ['LOG=info'], ...more }) as DeployedSlot;
const scaled = (weight: number, minCapacity: number, maxCapacity = 9, image = images[0]) =>
  slot(weight, image, { minCapacity, maxCapacity });
const sumOfWeights = ({ slots }: DeployedState) =>
  Object.values(slots).reduce((sum, active) => sum + Number(active?.weight ?? 0), 0);

// As many tasks as somebody says, or as the load asks for.
const anyCount: fc.Arbitrary<Partial<DeployedSlot>> = fc.oneof(
  fc.record({ desiredCount: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ minCapacity: fc.integer({ min: 1, max: 3 }), maxCapacity: fc.integer({ min: 3, max: 5 }) }),
);

const anySlot = fc.tuple(anyCount, anyVersion()).map(([count, version]) => ({ ...count, ...version }));

function anyVersion() {
  return fc.record({
    weight: fc.nat({ max: 4 }),
    image: fc.constantFrom(...images),
    environment: fc.uniqueArray(fc.constantFrom('LOG=info', 'LOG=debug', 'CACHE=on'), {
      maxLength: 2,
      selector: (pair) => pair.split('=')[0],
    }),
  });
}

const anyState = (routeWaits: fc.Arbitrary<boolean> = fc.boolean()): fc.Arbitrary<DeployedState> =>
  fc
    .record({ routeWaits, blue: fc.option(anySlot, { nil: undefined }), green: fc.option(anySlot, { nil: undefined }) })
    .map(({ routeWaits: waits, ...slots }) => state(present(slots), { routeWaits: waits }))
    .filter((candidate) => sumOfWeights(candidate) > 0);

function present(slots: Readonly<Record<string, DeployedSlot | undefined>>): DeployedState['slots'] {
  return Object.fromEntries(Object.entries(slots).filter(([, active]) => active !== undefined));
}

interface Case {
  readonly what: string;
  readonly before: DeployedState;
  readonly after: DeployedState;
  readonly unsafe: readonly Partial<UnsafeChange>[];
}

function scalingCases(): readonly Case[] {
  const beside = (green: DeployedSlot | undefined, blue = slot(1)) => state(present({ blue, green }));
  const early = (there: number, wanted: number): Partial<UnsafeChange>[] => [
    { kind: 'too-early', slot: 'green', weight: 1, setting: 'weight', got: '1', expected: '0', tasks: { there, wanted } },
  ];
  const shrinks: Partial<UnsafeChange>[] = [
    { kind: 'shrinks', slot: 'green', weight: 1, setting: 'maxCapacity', got: undefined, expected: '9' },
  ];
  const cases: readonly (readonly [
    string,
    DeployedSlot | undefined,
    DeployedSlot | undefined,
    readonly Partial<UnsafeChange>[],
  ])[] = [
    ['that scales joins without requests', undefined, scaled(0, 3), []],
    ['that scales joins with requests and one task', undefined, scaled(1, 1), []],
    ['that scales joins with requests and the first of several tasks', undefined, scaled(1, 3), early(1, 3)],
    ['gets requests and keeps its minimum', scaled(0, 3), scaled(1, 3), []],
    ['gets requests and a lower minimum', scaled(0, 3), scaled(1, 2), []],
    ['gets requests and a higher minimum', scaled(0, 2), scaled(1, 3), early(2, 3)],
    ['gets a higher minimum and no requests', scaled(0, 2), scaled(0, 3), []],
    ['with requests gets a higher minimum', scaled(1, 2), scaled(2, 3), []],
    ['gets requests, and scales from as many tasks as it had', slot(0, images[0], { desiredCount: 3 }), scaled(1, 3), []],
    [
      'gets requests, and scales from fewer tasks than it needs',
      slot(0, images[0], { desiredCount: 2 }),
      scaled(1, 3),
      early(2, 3),
    ],
    ['of which nobody wrote down how many tasks it has', slot(0), scaled(1, 2), early(1, 2)],
    [
      'gets requests and more tasks, for which the route waits',
      slot(0, images[0], { desiredCount: 1 }),
      slot(1, images[0], { desiredCount: 4 }),
      [],
    ],
    ['gets requests and scales no more', scaled(0, 3), slot(1, images[0], { desiredCount: 1 }), []],
    ['with requests scales from now on', slot(1, images[0], { desiredCount: 4 }), scaled(1, 2), []],
    [
      'with requests scales no more, and has fewer tasks than it may have',
      scaled(1, 1),
      slot(1, images[0], { desiredCount: 8 }),
      shrinks,
    ],
    [
      'with requests scales no more, and has as many tasks as it may have',
      scaled(1, 1),
      slot(1, images[0], { desiredCount: 9 }),
      [],
    ],
    [
      'with requests scales from now on, and may have fewer tasks than it has',
      slot(1, images[0], { desiredCount: 20 }),
      scaled(1, 2, 9),
      [{ ...shrinks[0], got: '9', expected: '20' }],
    ],
    [
      'without requests becomes another service, which starts with one task',
      slot(0, images[0], { label: 'old', minCapacity: 3, maxCapacity: 9 }),
      slot(1, images[0], { label: 'new', minCapacity: 3, maxCapacity: 9 }),
      early(1, 3),
    ],
    ['that loses its requests scales no more', scaled(1, 1), slot(0, images[0], { desiredCount: 1 }), shrinks],
    ['without requests scales no more', scaled(0, 1), slot(0, images[0], { desiredCount: 1 }), []],
    ['that scales leaves', scaled(0, 1), undefined, []],
    ['with requests gets other bounds', scaled(1, 1, 9), scaled(1, 2, 3), []],
    [
      'with numbers that come as text',
      slot(0, images[0], { minCapacity: '9', maxCapacity: '10' }),
      slot(1, images[0], { minCapacity: '10', maxCapacity: '10' }),
      early(9, 10),
    ],
  ];
  return [
    ...cases.map(([what, before, after, unsafe]) => ({
      what: `a slot ${what}`,
      before: beside(before),
      after: beside(after),
      unsafe,
    })),
    {
      what: 'a slot with requests leaves, and the one that takes them has not all its tasks yet',
      before: beside(undefined),
      after: state({ green: scaled(1, 2) }),
      unsafe: [{ kind: 'leaves', slot: 'blue', relieved: false }, ...early(1, 2)],
    },
  ];
}

describe('which state may follow which', () => {
  const both = state({ blue: slot(1), green: slot(1, images[1]) });

  test.each<Case>([
    { what: 'all stays', before: both, after: both, unsafe: [] },
    { what: 'weights change', before: both, after: state({ blue: slot(0), green: slot(7, images[1]) }), unsafe: [] },
    {
      what: 'a slot joins with requests, and the route waits for it',
      before: state({ blue: slot(1) }),
      after: both,
      unsafe: [],
    },
    {
      what: 'a slot joins with requests, and the route does not wait for it',
      before: state({ blue: slot(1) }, { routeWaits: false }),
      after: { ...both, routeWaits: false },
      unsafe: [{ kind: 'too-early', slot: 'green', weight: 1, setting: 'weight', got: '1', expected: '0' }],
    },
    {
      what: 'a slot changes and gets requests, and the route does not wait for it',
      before: state({ blue: slot(1), green: slot(0) }, { routeWaits: false }),
      after: { ...both, routeWaits: false },
      unsafe: [{ kind: 'too-early', slot: 'green', setting: 'weight' }],
    },
    {
      what: 'a slot that was there gets requests, and the route need not wait for it',
      before: state({ blue: slot(1), green: slot(0, images[1]) }, { routeWaits: false }),
      after: { ...both, routeWaits: false },
      unsafe: [],
    },
    ...scalingCases(),
    {
      what: 'a slot with requests leaves',
      before: both,
      after: state({ blue: slot(1) }),
      unsafe: [{ kind: 'leaves', slot: 'green', weight: 1, setting: 'active', got: 'false', expected: 'true', relieved: true }],
    },
    {
      what: 'a slot with requests leaves, and nobody can take them yet',
      before: state({ blue: slot(1) }, { routeWaits: false }),
      after: state({ green: slot(1) }, { routeWaits: false }),
      unsafe: [
        { kind: 'leaves', slot: 'blue', relieved: false },
        { kind: 'too-early', slot: 'green' },
      ],
    },
    {
      what: 'a slot without requests leaves',
      before: state({ blue: slot(1), green: slot(0) }),
      after: state({ blue: slot(1) }),
      unsafe: [],
    },
    {
      what: 'a slot with requests gets another image',
      before: both,
      after: state({ blue: slot(1), green: slot(0, images[2]) }),
      unsafe: [{ kind: 'changes', slot: 'green', weight: 1, setting: 'image', got: 'shop:3', expected: 'shop:2' }],
    },
    {
      what: 'a slot with requests gets a variable, another value, and loses one',
      before: state({ blue: slot(1, images[0], { environment: ['A=1', 'B=1=1'] }) }),
      after: state({ blue: slot(1, images[0], { environment: ['B=1=2', 'C='] }) }),
      unsafe: [
        { setting: 'environment.A', got: undefined, expected: '1' },
        { setting: 'environment.B', got: '1=2', expected: '1=1' },
        { setting: 'environment.C', got: '', expected: undefined },
      ],
    },
    {
      what: 'the variables stand in another order',
      before: state({ blue: slot(1, images[0], { environment: ['A=1', 'B=1'] }) }),
      after: state({ blue: slot(1, images[0], { environment: ['B=1', 'A=1'] }) }),
      unsafe: [],
    },
    {
      what: 'a slot without requests changes and gets requests',
      before: state({ blue: slot(1), green: slot(0) }),
      after: both,
      unsafe: [],
    },
    {
      what: 'the way in changes',
      before: both,
      after: { ...both, wayIn: { ...wayIn, scheme: 'internal' } },
      unsafe: [{ kind: 'way-in', setting: 'scheme', got: 'internal', expected: 'public' }],
    },
    {
      what: 'another plane, with all that it brings along',
      before: both,
      after: state(
        { blue: slot(1, images[0], { cpu: 512 }), green: slot(1, images[2]) },
        { wayIn: { plane: 'lattice', authType: 'NONE' }, routeWaits: false },
      ),
      unsafe: [{ kind: 'way-in', setting: 'plane', got: 'lattice', expected: 'load-balancer' }],
    },
    {
      what: 'another plane, and a slot that leaves',
      before: both,
      after: state({ blue: slot(1) }, { wayIn: { plane: 'lattice' } }),
      unsafe: [{ setting: 'plane' }, { kind: 'leaves', slot: 'green' }],
    },
    {
      what: 'numbers and booleans come as text',
      before: state(
        { blue: { weight: '1', cpu: '256' }, green: { weight: '0', cpu: '256' } },
        { shape: '1', routeWaits: 'true' },
      ),
      after: state({ blue: { weight: 1, cpu: 256 } }),
      unsafe: [],
    },
    {
      what: 'a setting is new in the same shape',
      before: both,
      after: state({ blue: slot(1, images[0], { version: '2' }), green: slot(1, images[1]) }),
      unsafe: [{ slot: 'blue', setting: 'version', got: '2', expected: undefined }],
    },
    {
      what: 'a setting is new in another shape',
      before: both,
      after: state({ blue: slot(1, images[0], { version: '2' }), green: slot(1, images[1]) }, { shape: 2 }),
      unsafe: [],
    },
    {
      what: 'a setting is gone in another shape',
      before: state({ blue: slot(1, images[0], { version: '2' }), green: slot(1, images[1]) }),
      after: { ...both, shape: 2 },
      unsafe: [],
    },
    {
      what: 'a setting that both shapes have changes along with the shape',
      before: both,
      after: state({ blue: slot(1, images[2]), green: slot(1, images[1]) }, { shape: 2 }),
      unsafe: [{ slot: 'blue', setting: 'image' }],
    },
  ])('$what', ({ before, after, unsafe }) => {
    const changes = unsafeChanges(before, after);
    expect(changes).toHaveLength(unsafe.length);
    expect(changes).toMatchObject(unsafe);
  });

  test('a deploy without a change is safe', () => {
    fc.assert(fc.property(anyState(), (same) => expect(unsafeChanges(same, structuredClone(same))).toEqual([])));
  });

  test('weights alone are always safe', () => {
    fc.assert(
      fc.property(anyState(), fc.array(fc.nat({ max: 999 }), { minLength: 2, maxLength: 2 }), (before, weights) => {
        const slots = Object.entries(before.slots).map(([name, active], index) => [name, { ...active, weight: weights[index] }]);
        const after = { ...before, slots: Object.fromEntries(slots) };
        fc.pre(sumOfWeights(after) > 0);
        expect(unsafeChanges(before, after)).toEqual([]);
      }),
    );
  });

  test('every step of every release is safe, and so is every way back', () => {
    const ladders = fc
      .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
      .map((shares) => shares.sort((a, b) => a - b));
    const directions = fc.constantFrom(
      { from: slotNames[0], to: slotNames[1] } as const,
      { from: slotNames[1], to: slotNames[0] } as const,
    );
    fc.assert(
      fc.property(ladders, directions, fc.boolean(), anyCount, (ladder, direction, routeWaits, count) => {
        const steps = canary(ladder, direction);
        const deployed = (step: ReleaseStep) => deployedState(step.state, direction.to, routeWaits, count);
        for (const [index, step] of steps.entries()) {
          const [before, after] = [deployed(steps[Math.max(0, index - 1)] as ReleaseStep), deployed(step)];
          expect(unsafeChanges(before, after)).toEqual([]);
          expect(unsafeChanges(after, before)).toEqual([]);
        }
      }),
    );
  });

  test('the short release and its ways out are safe from every step', () => {
    const steps = release();
    for (let at = 1; at < steps.length; at += 1) {
      for (const out of [rollback(steps, at), wayOut(steps, at, 'blue'), wayOut(steps, at, 'green')]) {
        const way = [...steps.slice(0, at + 1), ...out].map(({ state: flags }) => deployedState(flags, 'green', false));
        for (const [index, after] of way.entries()) {
          expect(unsafeChanges(way[Math.max(0, index - 1)] as DeployedState, after)).toEqual([]);
        }
      }
    }
  });

  // Every pair of states, with weights 0 and 1, three versions of each slot, and scaling or not: other weights add nothing that the
  // rule looks at.
  test.each([
    { routeWaits: true, most: 3 },
    { routeWaits: false, most: 5 },
  ])(
    'from every state every other one is reached in $most deploys at most (the route waits: $routeWaits)',
    ({ routeWaits, most }) => {
      const counts = [{ desiredCount: 1 }, { minCapacity: 2, maxCapacity: 3 }];
      const versions = [
        undefined,
        ...images.flatMap((image) => counts.flatMap((count) => [slot(0, image, count), slot(1, image, count)])),
      ];
      const states = versions
        .flatMap((blue) => versions.map((green) => state(present({ blue, green }), { routeWaits })))
        .filter((candidate) => sumOfWeights(candidate) > 0);
      const safe = states.map((before) =>
        states.flatMap((after, index) => (unsafeChanges(before, after).length === 0 ? [index] : [])),
      );

      const deploys = states.map((_, start) => {
        const reached = new Map([[start, 0]]);
        for (const [from, count] of reached) {
          for (const next of safe[from] ?? []) {
            if (!reached.has(next)) {
              reached.set(next, count + 1);
            }
          }
        }
        expect(reached.size).toBe(states.length);
        return Math.max(...reached.values());
      });
      expect(Math.max(...deploys)).toBe(most);
    },
  );

  test('what is unsafe names what it is about, and doing as it says is safe', () => {
    fc.assert(
      fc.property(
        anyState(fc.constant(true)),
        anyState(fc.constant(true)),
        fc.boolean(),
        fc.boolean(),
        (one, other, waits, moves) => {
          const before = { ...one, routeWaits: waits };
          const after = { ...other, routeWaits: waits, wayIn: moves ? { ...wayIn, scheme: 'internal' } : wayIn };
          const changes = unsafeChanges(before, after);
          fc.pre(changes.length > 0);
          for (const { kind, slot: name, weight } of changes) {
            expect(name === undefined).toBe(kind === 'way-in');
            expect(weight === undefined).toBe(kind === 'way-in');
            const were = name === undefined ? undefined : before.slots[name];
            expect(Number(were?.weight ?? 0) > 0).toBe(['leaves', 'changes', 'shrinks'].includes(kind));
          }
          for (const keepWeights of [true, false]) {
            const asAdvised = advised(before, after, changes, keepWeights);
            expect(sumOfWeights(asAdvised)).toBeGreaterThan(0);
            expect(unsafeChanges(before, asAdvised)).toEqual([]);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** What the flags of a release deploy, with a new image in the slot to which it goes. */
function deployedState(flags: ReleaseState, to: SlotName, routeWaits: boolean, count: Partial<DeployedSlot> = {}): DeployedState {
  const active = slotNames.filter((name) => flags[name].active);
  return state(Object.fromEntries(active.map((name) => [name, slot(flags[name].weight, images[name === to ? 1 : 0], count)])), {
    routeWaits,
  });
}

/** The deploy that was asked for, changed as each sentence says; where one offers two ways, a slot keeps its weight or gets 0. */
function advised(
  before: DeployedState,
  asked: DeployedState,
  changes: readonly UnsafeChange[],
  keepWeights: boolean,
): DeployedState {
  let { slots } = asked;
  for (const { kind, slot: name = '', relieved } of changes) {
    const were = before.slots[name] as DeployedSlot;
    if (kind === 'leaves') {
      slots = { ...slots, [name]: { ...were, weight: keepWeights || !relieved ? were.weight : 0 } };
    } else if (kind === 'changes') {
      slots = { ...slots, [name]: { ...were, weight: slots[name]?.weight ?? 0 } };
    } else if (kind === 'shrinks') {
      const { minCapacity, maxCapacity, desiredCount } = were;
      const kept =
        maxCapacity === undefined ? { maxCapacity: desiredCount } : { desiredCount: undefined, minCapacity, maxCapacity };
      slots = { ...slots, [name]: { ...slots[name], ...kept } as DeployedSlot };
    } else if (kind === 'too-early') {
      const others = Object.entries(slots).filter(([other]) => other !== name && before.slots[other]);
      slots = {
        ...Object.fromEntries(others.map(([other, active]) => [other, { ...active, weight: before.slots[other]?.weight }])),
        [name]: { ...slots[name], weight: 0 },
      } as DeployedState['slots'];
    }
  }
  return { ...asked, slots, wayIn: changes.some(({ kind }) => kind === 'way-in') ? before.wayIn : asked.wayIn };
}
