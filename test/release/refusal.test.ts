import type { UnsafeChange } from '../../lib/release/deployed-state';
import { refusal } from '../../lib/release/refusal';

const flags = {
  active: '{slot}Active',
  weight: '{slot}Weight',
  image: '{slot}Image',
  environment: '{slot}AppEnvironment',
  maxCapacity: '{slot}MaxTasks',
  plane: 'trafficPlane',
  serviceName: 'appName',
};

const leaves: UnsafeChange = {
  kind: 'leaves',
  slot: 'green',
  weight: 3,
  setting: 'active',
  got: 'false',
  expected: 'true',
  relieved: true,
};
const image: UnsafeChange = {
  kind: 'changes',
  slot: 'green',
  weight: 1,
  setting: 'image',
  got: 'shop:1.6.0',
  expected: 'shop:1.5.0',
};
const plane: UnsafeChange = { kind: 'way-in', setting: 'plane', got: 'lattice', expected: 'load-balancer' };
const shrinks: UnsafeChange = {
  kind: 'shrinks',
  slot: 'green',
  weight: 3,
  setting: 'maxCapacity',
  got: undefined,
  expected: '10',
};
const early: UnsafeChange = { kind: 'too-early', slot: 'green', weight: 1, setting: 'weight', got: '1', expected: '0' };

test.each<[UnsafeChange, string, string]>([
  [
    leaves,
    'greenActive: got false, expected true, since green answers requests (weight 3): keep greenActive true and greenWeight 3, or deploy greenWeight 0 first',
    'active of green: got false, expected true, since green answers requests (weight 3): keep active of green true and weight of green 3, or deploy weight of green 0 first',
  ],
  [
    { ...leaves, relieved: false },
    'greenActive: got false, expected true, since green answers requests (weight 3): keep greenActive true and greenWeight 3',
    'active of green: got false, expected true, since green answers requests (weight 3): keep active of green true and weight of green 3',
  ],
  [
    image,
    'greenImage: got "shop:1.6.0", expected "shop:1.5.0", since green answers requests (weight 1): keep it, and put the new one into a slot without requests',
    'image of green: got "shop:1.6.0", expected "shop:1.5.0", since green answers requests (weight 1): keep it, and put the new one into a slot without requests',
  ],
  [
    { ...image, setting: 'environment.LOG_LEVEL', got: 'debug', expected: undefined },
    'greenAppEnvironment LOG_LEVEL: got "debug", expected none, since green answers requests (weight 1): keep it, and put the new one into a slot without requests',
    'environment LOG_LEVEL of green: got "debug", expected none, since green answers requests (weight 1): keep it, and put the new one into a slot without requests',
  ],
  [
    plane,
    'trafficPlane: got "lattice", expected "load-balancer", since requests come in there: keep it, and build the new one beside it under another appName',
    'plane: got "lattice", expected "load-balancer", since requests come in there: keep it, and build the new one beside it under another serviceName',
  ],
  [
    early,
    'greenWeight: got 1, expected 0, since green cannot answer yet when the route changes: deploy it with greenWeight 0 first and leave the other weights as they are',
    'weight of green: got 1, expected 0, since green cannot answer yet when the route changes: deploy it with weight of green 0 first and leave the other weights as they are',
  ],
  [
    { ...early, tasks: { there: 1, wanted: 4 } },
    'greenWeight: got 1, expected 0, since green has 1 of 4 tasks when the route changes: deploy it with greenWeight 0 first and leave the other weights as they are, and wait for its tasks',
    'weight of green: got 1, expected 0, since green has 1 of 4 tasks when the route changes: deploy it with weight of green 0 first and leave the other weights as they are, and wait for its tasks',
  ],
  [
    shrinks,
    'greenMaxTasks: got none, expected 10, since green answers requests (weight 3) and would lose tasks at once: keep it, or set desiredCount to 10 or more',
    'maxCapacity of green: got none, expected 10, since green answers requests (weight 3) and would lose tasks at once: keep it, or set desiredCount to 10 or more',
  ],
  [
    { ...shrinks, got: '5' },
    'greenMaxTasks: got 5, expected 10, since green answers requests (weight 3) and would lose tasks at once: set it to 10 or more',
    'maxCapacity of green: got 5, expected 10, since green answers requests (weight 3) and would lose tasks at once: set it to 10 or more',
  ],
])('%j in words', (change, inFlags, inProperties) => {
  expect(refusal(change, flags)).toBe(inFlags);
  expect(refusal(change)).toBe(inProperties);
});

test('a long value is cut', () => {
  expect(refusal({ ...image, got: 'x'.repeat(500) }, flags)).toContain(`got "${'x'.repeat(120)}…", expected`);
});
