import type { LiveSlot, LiveState } from '../../../lib/operate/live/live-state';
import { slotOrder } from '../../../lib/operate/live/slot-order';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 27) + seconds * 1000);
const images = { blue: 'example/shop:1.4.0', green: 'example/shop:1.5.0' };

/** A slot whose service was made after so many seconds, and got its version then, or later. */
function slot(created: number, version = created): LiveSlot {
  return {
    weight: 1,
    tasks: { desired: 1, running: 1, pending: 0 },
    healthyTargets: 1,
    rollingOut: false,
    createdAt: at(created),
    versionAt: at(version),
  };
}

test.each<[what: string, live: LiveState, deploys: readonly Date[], expected: object]>([
  ['one release after the other', { blue: slot(0), green: slot(3600) }, [], { first: 'blue', later: 'green' }],
  ['the other way round', { blue: slot(3600), green: slot(0) }, [], { first: 'green', later: 'blue' }],
  ['a new version of the slot that joined', { blue: slot(0), green: slot(3600, 7200) }, [], { first: 'blue' }],
  ['another version before the other one joined', { blue: slot(0, 1800), green: slot(3600) }, [], { first: 'blue' }],
  ['two quick deploys, as on this machine', { blue: slot(0), green: slot(5) }, [at(3)], { first: 'blue' }],
  [
    'both made by one deploy',
    { blue: slot(0.1), green: slot(0) },
    [at(-5), at(2)],
    { doubt: 'green (shop:1.5.0) and blue (shop:1.4.0) were made by the same deploy' },
  ],
  [
    'another version in the slot that was there first',
    { blue: slot(0, 7200), green: slot(3600) },
    [],
    { doubt: 'blue (shop:1.4.0) is the older slot, and got its version after green (shop:1.5.0) was made' },
  ],
])('%s', (_, live, deploys, expected) => {
  expect(slotOrder(live, images, deploys)).toMatchObject({ doubt: undefined, ...expected });
});

test('one slot has no order', () => {
  expect(slotOrder({ green: slot(0) })).toBeUndefined();
});
