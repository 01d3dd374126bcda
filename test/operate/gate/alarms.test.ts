import { checkAlarms } from '../../../lib/operate/gate/alarms';
import type { DeployedAlarm } from '../../../lib/operate/measured/alarm-state';
import { withCommands } from '../../../lib/operate/screen/parts';

const deployCommand = 'npx cdk deploy -c appName=b';

const alarm = (name: string, state: DeployedAlarm['state'], more: Partial<DeployedAlarm> = {}): DeployedAlarm => ({
  arn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`,
  name,
  kind: 'errors',
  slot: 'green',
  state,
  ...more,
});
const empty = (state: DeployedAlarm['state']) => alarm('GreenEmpty', state, { kind: 'empty slot' });

test.each<[string, string, string, readonly DeployedAlarm[], string]>([
  ['all is well', 'load-balancer', 'pass', [alarm('A', 'OK'), empty('OK')], 'alarms: none of 2 has gone off'],
  ['nobody asks', 'load-balancer', 'pass', [alarm('A', 'INSUFFICIENT_DATA')], 'alarms: none of 1 has gone off'],
  [
    'one has gone off',
    'lattice',
    'fail',
    [alarm('A', 'ALARM'), empty('OK')],
    'alarm A: is ALARM, expected OK; see why, or go back',
  ],
  [
    'two have',
    'lattice',
    'fail',
    [alarm('A', 'ALARM'), alarm('B', 'ALARM', { kind: 'service', slot: undefined })],
    'alarms A, B: are ALARM, expected OK; see why, or go back',
  ],
  [
    'one is not there',
    'lattice',
    'fail',
    [alarm('A', undefined)],
    'alarm A: is not there, expected it in CloudWatch; npx cdk deploy -c appName=b --revert-drift',
  ],
  [
    'no task is healthy, though they were counted just now',
    'load-balancer',
    'inconclusive',
    [empty('ALARM')],
    'alarm GreenEmpty: is ALARM, though the tasks are there, expected OK',
  ],
  [
    'the same without what counts tasks for the alarm',
    'app-mesh',
    'pass',
    [alarm('A', 'OK'), empty('ALARM')],
    'alarms: none of 1 has gone off (alarm GreenEmpty: is ALARM, not counted: the tasks are there)',
  ],
  ['there are none', 'lattice', 'pass', [], 'alarms: none, so nothing watches (alarms=false)'],
])('%s', (_, plane, verdict, alarms, sentence) => {
  const check = checkAlarms({ alarms, plane, counted: ['green'], minutes: 5, deployCommand });
  expect(check).toMatchObject({ name: 'alarms', verdict });
  expect(withCommands(check.sentence, check.mend)).toBe(sentence);
});

test.each(['load-balancer', 'lattice'])('on %s, a slot without tasks fails by its alarm', (plane) => {
  expect(checkAlarms({ alarms: [empty('ALARM')], plane, counted: [], minutes: 0, deployCommand }).verdict).toBe('fail');
});

test.each([alarm('A', 'ALARM'), alarm('A', 'ALARM', { kind: 'service', slot: undefined })])(
  'right after a change of weights an alarm may be about those before %#',
  (old) => {
    expect(checkAlarms({ alarms: [old], plane: 'lattice', counted: [], minutes: 4, deployCommand })).toEqual({
      name: 'alarms',
      verdict: 'inconclusive',
      sentence: 'alarm A: is ALARM, expected OK; wait, it may still speak of what was before these weights',
    });
  },
);
