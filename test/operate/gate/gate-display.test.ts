import type { Check } from '../../../lib/operate/gate/check';
import { gateDisplay } from '../../../lib/operate/gate/gate-display';
import { Screen } from '../../terminal/screen';

const check = (name: string, verdict: Check['verdict'], sentence: string): Check => ({ name, verdict, sentence });
const few = check('requests', 'inconclusive', 'green: 12 requests in 2 minutes, expected at least 100; wait');
const fewer = check('requests', 'inconclusive', 'green: 6 requests in 1 minute, expected at least 100; wait');
const enough = check('requests', 'pass', 'green: 120 requests in 9 minutes');
const tasks = check('green tasks', 'pass', 'green: 2 of 2 tasks');
const alarm = check('alarms', 'fail', 'alarm A: is ALARM, expected OK; see why, or go back');

test('without a terminal, a line for each check whose verdict is another one than before', async () => {
  const written: string[] = [];
  const display = await gateDisplay({ write: (text) => written.push(text) > 0 }, {});
  for (const checks of [
    [tasks, fewer],
    [tasks, few],
    [tasks, enough, alarm],
  ]) {
    display.update('step 4 of 6: 50/50', checks);
  }
  display.end();
  expect(written.join('').split('\n')).toEqual([
    'step 4 of 6: 50/50',
    '  ✓ green: 2 of 2 tasks',
    '  ◷ green: 6 requests in 1 minute, expected at least 100; wait',
    '  ✓ green: 120 requests in 9 minutes',
    '  ✗ alarm A: is ALARM, expected OK; see why, or go back',
    '',
  ]);
});

test.each([80, 40])('on a terminal of %i columns the checks are drawn over, and no line is cut', async (columns) => {
  const screen = new Screen(columns, 24);
  const display = await gateDisplay(screen, { NO_COLOR: '1' });
  display.update('step 4 of 6: 50/50', [tasks, fewer]);
  display.update('step 4 of 6: 50/50', [tasks, few]);
  display.end();
  const text = (await screen.lines()).join(' ').replace(/\s+/g, ' ').trim();
  expect(text).toBe(`step 4 of 6: 50/50 ✓ ${tasks.sentence} ◷ ${few.sentence}`);
});

test('on a low terminal, what it waits for is shown', async () => {
  const screen = new Screen(80, 4);
  const display = await gateDisplay(screen, { NO_COLOR: '1' });
  display.update('step 4 of 6: 50/50', [tasks, enough, alarm]);
  display.end();
  expect((await screen.lines()).map((line) => line.trim())).toEqual(['step 4 of 6: 50/50', `✗ ${alarm.sentence}`]);
});

test('in another step all is said anew', async () => {
  const written: string[] = [];
  const display = await gateDisplay({ write: (text) => written.push(text) > 0 }, {});
  display.update('step 4 of 6: 50/50', [tasks]);
  display.update('step 5 of 6: blue at 0', [tasks]);
  expect(written).toEqual([
    'step 4 of 6: 50/50\n',
    '  ✓ green: 2 of 2 tasks\n',
    'step 5 of 6: blue at 0\n',
    '  ✓ green: 2 of 2 tasks\n',
  ]);
});

test.each([80, 40])('on a terminal of %i columns a command can be pasted', async (columns) => {
  const screen = new Screen(columns, 24);
  const display = await gateDisplay(screen, { NO_COLOR: '1' });
  const mend = ['npx cdk deploy -c appName=shop --revert-drift'];
  display.update('step 4 of 6: 50/50', [{ ...check('live', 'fail', 'live and deployed differ: blue 50 % live'), mend }]);
  display.end();
  const typed = (await screen.lines()).join('\n').split('mend it')[1] ?? '';
  expect(typed.replace(/\\\n/g, '').trim().split(/\s+/).join(' ')).toBe(mend[0]);
});
