import type { DeployedAlarm } from '../../../lib/operate/measured/alarm-state';
import { rolledBackInWords } from '../../../lib/operate/step/rolled-back';
import { minutesOf } from '../gate/minutes';

const alarm = (name: string, more: Partial<DeployedAlarm> = {}): DeployedAlarm => ({
  arn: `arn:aws:cloudwatch:us-east-1:1:alarm:${name}`,
  name,
  kind: 'errors',
  slot: 'green',
  state: 'OK',
  ...more,
});
const green = alarm('GreenErrorAlarm');
const service = alarm('ServiceAlarm', { kind: 'service', slot: undefined });
const empty = alarm('GreenEmptySlotAlarm', { kind: 'empty slot' });
const before = { blue: 0.75, green: 0.25 };
const minutes = minutesOf({ blue: [100], green: [100] }, { blue: [1000, 1], green: [1000, 74] }, { blue: [100], green: [0] });
const trigger = (...alarms: readonly DeployedAlarm[]) =>
  alarms.map(({ arn }) => `Rollback trigger ${arn} went into ALARM state`).join('; ');

test.each([
  ['by an alarm of a slot', trigger(green), before, 'green 5xx 7.4 %, alarm GreenErrorAlarm; blue 75 %, green 25 % as before'],
  [
    'by that of the service',
    trigger(service),
    before,
    'blue 5xx 0.1 %, green 5xx 7.4 %, alarm ServiceAlarm; blue 75 %, green 25 % as before',
  ],
  ['by one that counts tasks', trigger(empty), before, 'alarm GreenEmptySlotAlarm; blue 75 %, green 25 % as before'],
  [
    'by an alarm that is not named, but is in alarm',
    'a rollback trigger was breached',
    before,
    'green 5xx 7.4 %, alarm GreenLatencyAlarm; blue 75 %, green 25 % as before',
  ],
  ['by a resource', 'AppThing failed: no', before, 'AppThing failed: no; blue 75 %, green 25 % as before'],
  [
    'and live is something else',
    'AppThing failed: no',
    { blue: 0.5, green: 0.5 },
    'AppThing failed: no; live is blue 50 %, green 50 %, before it was blue 75 %, green 25 %',
  ],
])('%s', (_, reason, shares, sentence) => {
  const alarms = [service, green, empty, alarm('GreenLatencyAlarm', { state: 'ALARM' })];
  expect(rolledBackInWords({ reason, alarms, minutes, shares, sharesBefore: before })).toBe(`rolled back: ${sentence}`);
});
