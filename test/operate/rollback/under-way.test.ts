import type { DeployedStack } from '../../../lib/operate/deployed/deployed-stack';
import type { StackEvent } from '../../../lib/operate/deployed/stack-events';
import { exitCodes } from '../../../lib/operate/exit-codes';
import type { LiveSlot, LiveState } from '../../../lib/operate/live/live-state';
import { slotOrder } from '../../../lib/operate/live/slot-order';
import { hasSetRoute, slotAfterCancel } from '../../../lib/operate/rollback/under-way';
import type { SlotName } from '../../../lib/release/slots';
import { asked, stackWith } from '../example-release';

const day = (number: number) => new Date(2026, 10, number);

/** A slot that was made on a day; the deploy that is under way began on the tenth. */
function slot(made: number, more: Partial<LiveSlot> & { readonly running?: number } = {}): LiveSlot {
  const { running = 2, ...rest } = more;
  const at = { createdAt: day(made), versionAt: day(made) };
  return { weight: 1, tasks: { desired: 2, running, pending: 0 }, healthyTargets: running, rollingOut: false, ...at, ...rest };
}

// Blue is not in it, as in a deploy that turns it off: then there is no template to try the weights with.
const stack = stackWith({}, { status: 'UPDATE_IN_PROGRESS', changedAt: day(10) });
const after = (live: LiveState, named?: SlotName) =>
  slotAfterCancel(asked, stack, live, named, named === undefined ? slotOrder(live) : undefined);

test.each<[what: string, live: LiveState, named: SlotName | undefined, expected: SlotName | undefined]>([
  ['the one that was there first', { blue: slot(1), green: slot(2) }, undefined, 'blue'],
  ['the one that is named', { blue: slot(1), green: slot(2) }, 'green', 'green'],
  ['the only one that the deploy has not made', { blue: slot(11), green: slot(2) }, undefined, 'green'],
  ['one whose tasks are replaced now', { blue: slot(1, { running: 0, rollingOut: true }), green: slot(2) }, undefined, 'blue'],
  ['none, when all is made by this deploy', { blue: slot(11) }, undefined, undefined],
])('after a cancel, all goes to %s', (_, live, named, expected) => {
  expect(after(live, named)).toBe(expected);
});

test.each<[what: string, live: LiveState, named: SlotName | undefined, message: RegExp]>([
  ['a slot that is off', { blue: slot(1) }, 'green', /^--to: got green, which is off, expected blue; /],
  ['a slot that goes with it', { blue: slot(1), green: slot(11) }, 'green', /^--to: got green, which came with the deploy /],
  ['a slot without a task', { blue: slot(1, { running: 0 }), green: slot(2) }, undefined, /^blue: 0 of 2 tasks run/],
  [
    'no task of it is healthy',
    { blue: slot(1, { healthyTargets: 0 }), green: slot(2) },
    undefined,
    /^blue: 0 of 2 tasks healthy/,
  ],
  ['it is not clear which was first', { blue: slot(1, { versionAt: day(5) }), green: slot(2) }, undefined, /^--to: got none/],
])('refused before anything is cancelled: %s', (_, live, named, message) => {
  const refused = (() => {
    try {
      return after(live, named);
    } catch (error) {
      return error;
    }
  })();
  expect(refused).toMatchObject({ exitCode: exitCodes.refused, message: expect.stringMatching(message) });
});

test('a template whose weights cannot be changed is refused before, too', () => {
  const broken = stackWith({ blue: 1, green: 1 }, { changedAt: day(10), template: 'Resources: {}' });
  const live = { blue: slot(1), green: slot(2) };
  expect(() => slotAfterCancel(asked, broken, live, 'blue', undefined)).toThrow(/JSON/);
});

test.each<[what: string, event: Partial<StackEvent>, expected: boolean]>([
  ['is set', { status: 'UPDATE_COMPLETE' }, true],
  ['is being set', { status: 'UPDATE_IN_PROGRESS' }, false],
  ['is not the resource', { physicalId: 'arn:other', status: 'UPDATE_COMPLETE' }, false],
])('the rule %s', (_, event, expected) => {
  const rule = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shop/1/2/3';
  const physicalIds: DeployedStack['physicalIds'] = new Map([['AppProductionRule0A1B2C3D', rule]]);
  expect(hasSetRoute({ physicalIds }, [{ physicalId: rule, ...event } as StackEvent])).toBe(expected);
});
