import { stepKind } from '../../../lib/operate/gate/step-kind';
import type { AlarmKind, DeployedAlarm } from '../../../lib/operate/measured/alarm-state';
import { bakeMinutes } from '../../../lib/operate/step/bake-minutes';
import { rollbackTriggers } from '../../../lib/operate/step/rollback-triggers';
import { type ReleaseState, release } from '../../../lib/release/release';
import type { SlotName } from '../../../lib/release/slots';

const alarm = (kind: AlarmKind, slot?: SlotName, state: DeployedAlarm['state'] = 'OK'): DeployedAlarm => {
  const name = [slot, kind].filter(Boolean).join(' ');
  return { arn: `arn:${name}`, name, kind, slot, state };
};
const ofBlue = [alarm('errors', 'blue'), alarm('empty slot', 'blue')];
const ofGreen = [alarm('errors', 'green'), alarm('empty slot', 'green', 'INSUFFICIENT_DATA')];
const ofService = alarm('service');
const states = release().map(({ state }) => state) as [ReleaseState, ...ReleaseState[]];
const [blueOnly, greenAt0, half, , greenOnly] = states as [ReleaseState, ReleaseState, ReleaseState, ReleaseState, ReleaseState];
const blueAt0 = states[3] as ReleaseState;

test.each<[string, ReleaseState, ReleaseState, readonly DeployedAlarm[], boolean, readonly string[]]>([
  [
    'a slot joins: those of the other one',
    blueOnly,
    greenAt0,
    [ofService, ...ofBlue],
    false,
    ['service', 'blue errors', 'blue empty slot'],
  ],
  [
    'weights change: all',
    greenAt0,
    half,
    [ofService, ...ofBlue, ...ofGreen],
    false,
    ['service', 'blue errors', 'blue empty slot', 'green errors', 'green empty slot'],
  ],
  [
    'others are behind the listener: not that of the service',
    greenAt0,
    half,
    [ofService, ...ofBlue],
    true,
    ['blue errors', 'blue empty slot'],
  ],
  [
    'one has gone off already, and one is not there: not these',
    greenAt0,
    half,
    [ofService, alarm('empty slot', 'blue', 'ALARM'), { ...alarm('errors', 'blue'), state: undefined }],
    false,
    ['service'],
  ],
  ['a slot leaves, and its alarms with it: none', blueAt0, greenOnly, [ofService, ...ofBlue, ...ofGreen], false, []],
])('%s', (_, before, after, alarms, sharesListener, names) => {
  const triggers = rollbackTriggers({ alarms, before, after, sharesListener });
  expect(triggers.map(({ name }) => name)).toEqual(names);
});

test.each<[ReleaseState, ReleaseState, string, number | undefined, number]>([
  [blueOnly, greenAt0, 'lattice', 30, 0],
  [greenAt0, half, 'load-balancer', undefined, 5],
  [greenAt0, half, 'app-mesh', undefined, 5],
  [greenAt0, half, 'lattice', undefined, 10],
  [half, blueAt0, 'lattice', 0, 0],
  [half, blueAt0, 'lattice', 180, 180],
  [blueAt0, greenOnly, 'lattice', 30, 0],
])('how long a step is watched %#', (before, after, plane, asked, minutes) => {
  expect(bakeMinutes(stepKind(before, after), plane, asked)).toBe(minutes);
});
