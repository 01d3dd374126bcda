import { displayFor } from '../../../lib/rehearsal/terminal/display-for';
import { Screen } from '../../terminal/screen';
import { planOf } from '../short-plan';

const esc = '\u001b';
const ladder = planOf('--ladder', '1,2,3,4,5,6,7,8,9');
const progress = (step: number, failed = 10) => ({
  activity: 'holding' as const,
  step,
  sent: 120,
  observed: { blue: 90, green: 20 },
  failed,
  settleMs: 1.5,
  total: { requests: 1234, failed, elapsedMs: 3000 },
});

const drawn = async (screen: Screen, environment: NodeJS.ProcessEnv = {}, plan = ladder) => {
  const display = await displayFor(screen, environment);
  display.say('installing');
  display.begin(plan, '1.2.3');
  for (const step of plan.steps.keys()) {
    display.update(progress(step, 0));
  }
  display.update(progress(2));
  display.update(progress(3));
  display.end();
  display.say('over');
  return screen.lines();
};

const ofStep = /^[✓▸ ] \S+/;

test.each([
  { columns: 110, rows: 40, steps: 13, now: /^▸ 98\/2 +█+▒+×+ {2}120 of 400 {4}blue 75 % green 16\.7 % {2}10 failed$/ },
  { columns: 60, rows: 16, steps: 10, now: /^▸ 98\/2 +█+▒+×+ {2}120 of 400 {6}10 failed$/ },
  { columns: 40, rows: 10, steps: 4, now: /^▸ 98\/2 +█+▒+×+ {2}10 failed$/ },
])('draws in place on a terminal of $columns by $rows', async ({ columns, rows, steps, now }) => {
  const screen = new Screen(columns, rows);
  const lines = await drawn(screen);

  expect(lines.at(0)).toBe('installing');
  // However little room there is, how long it will take is told.
  expect(lines[1]).toMatch(/13 steps.*, about 9 s$/);
  expect(lines.filter((line) => ofStep.test(line))).toHaveLength(steps);
  expect(lines.filter((line) => line.startsWith('▸'))).toEqual([expect.stringMatching(now)]);
  expect(lines.at(-3)).toMatch(
    columns > 50 ? /^1.234 requests · 10 failed · 411 per second · 3 s$/ : /^1.234 requests · 10 failed · 3 s$/,
  );
  expect(lines.at(-2)).toBe('green answers 2 % of the requests');
  expect(lines.at(-1)).toBe('over');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
  expect(lines).toHaveLength(steps + 7);
});

test.each([40, 60, 110])(
  'on a terminal of %d columns, long labels and names leave step and failures in sight',
  async (columns) => {
    const long = (name: string) => name.replace('green', `green-${'0123456789'.repeat(5)}-end`);
    const plan = {
      ...ladder,
      steps: ladder.steps.map((step) => ({ ...step, name: long(step.name.replace('98/2', 'back to green at 0')) })),
      apps: ladder.apps.map((app) => ({ ...app, slot: long(app.slot) })),
    };
    const lines = await drawn(new Screen(columns, 40), {}, plan);
    expect(lines.filter((line) => line.startsWith('▸'))).toEqual([expect.stringMatching(/^▸ back \S*.*…\S*.* 10 failed$/)]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
  },
);

test.each([5, 3, 2])('on a terminal of %d lines, the steps and the sums remain', async (rows) => {
  const lines = await drawn(new Screen(60, rows));
  expect(lines.slice(1, -1).filter((line) => ofStep.test(line))).toHaveLength(rows - 2);
  expect(lines.at(-2)).toMatch(/^1.234 requests · 10 failed/);
  expect(lines).toHaveLength(rows + 1);
});

test('tells the slots apart by colour, and by pattern when the user wants no colours', async () => {
  const coloured = new Screen(110, 40);
  const plain = new Screen(110, 40);
  expect(await drawn(coloured)).toEqual(await drawn(plain, { NO_COLOR: '1' }));
  expect(coloured.text).toMatch(new RegExp(`${esc}\\[34m█+${esc}\\[39m${esc}\\[32m▒+${esc}\\[39m${esc}\\[31m×+`));
  expect(plain.text).not.toMatch(new RegExp(`${esc}\\[\\d*m`));
});

test.each([
  { isTTY: false, environment: {} },
  { isTTY: true, environment: { TERM: 'dumb' } },
])('writes plain lines elsewhere: %j', async ({ isTTY, environment }) => {
  let text = '';
  const write = (each: string) => {
    text += each;
    return true;
  };
  const display = await displayFor({ isTTY, write }, environment);
  display.begin(ladder, '1.2.3');
  display.update(progress(1));
  display.update(progress(2));
  display.end();
  expect(text).toBe(
    'rehearsing 13 steps on app-mesh with Envoy 1.2.3, 1000 requests per second, about 9 s\n' +
      'step 1 (green at 0): blue 75 %, green 16.7 %; 120 requests, 10 failed\n',
  );
});

test('says that it deploys, and how long that takes', async () => {
  const plan = planOf('--deploy');
  const screen = new Screen(110, 40);
  const display = await displayFor(screen, {});
  display.begin(plan, '1.2.3');
  display.update({ ...progress(1), activity: 'changing' });
  display.end();
  const lines = await screen.lines();
  expect(lines[0]).toMatch(/^rehearsing 5 steps on app-mesh .*, about 40 s$/);
  expect(lines.at(-1)).toBe('deploying green at 0');
});
