import { displayFor } from '../../../lib/rehearsal/terminal/display';
import { planOf } from '../short-plan';

const esc = '\u001b';
const plan = planOf('--ladder', '1,2,3,4,5,6,7,8,9');
const progress = (step: number) => ({
  activity: 'holding' as const,
  step,
  sent: 120,
  observed: { blue: 90, green: 20 },
  failed: 10,
  settleMs: 1.5,
  total: { requests: 1234, failed: 10, elapsedMs: 3000 },
});

// What a terminal of that size shows in the end: only the moves that the display uses.
function screen(text: string, columns: number): string[] {
  const lines: string[] = [''];
  let row = 0;
  for (const part of text.split(new RegExp(`(${esc}\\[[?\\d]*[A-Za-z]|\n)`))) {
    const up = new RegExp(`^${esc}\\[(\\d+)A$`).exec(part);
    if (up) {
      row -= Number(up[1]);
    } else if (part === '\n') {
      row += 1;
    } else if (part.startsWith('\r')) {
      lines[row] = part.slice(1);
    } else if (!part.startsWith(esc)) {
      lines[row] = (lines[row] ?? '') + part;
    }
  }
  return lines.map((line) => line.slice(0, columns));
}

test.each([
  { columns: 110, rows: 40, steps: 13 },
  { columns: 60, rows: 16, steps: 10 },
])('draws in place on a terminal of $columns by $rows', ({ columns, rows, steps }) => {
  let text = '';
  const display = displayFor(
    {
      isTTY: true,
      columns,
      rows,
      write: (each) => {
        text += each;
      },
    },
    { TERM: 'xterm' },
  );
  display.begin(plan, '1.2.3');
  display.update(progress(2));
  display.update(progress(3));
  display.end();

  const lines = screen(text, columns);
  expect(lines.length).toBeLessThanOrEqual(rows);
  expect(lines[0]).toMatch(/^rehearsing 13 steps on app-mesh with Envoy 1\.2\.3/);
  expect(lines.filter((line) => /^[✓▸ ] \S+/.test(line))).toHaveLength(steps);
  expect(lines.find((line) => line.startsWith('▸'))).toMatch(/^▸ 98\/2 +█+▒+×+ +120 of 400 /);
  expect(lines.join('\n')).toMatch(/1.234 requests · 10 failed · 411 per second · 3 s/);
  if (columns > 100) {
    expect(lines.find((line) => line.startsWith('▸'))).toMatch(/blue 75 % green 16.7 % {2}10 failed$/);
  }
  // The cursor is shown again, and long lines wrap again.
  expect(text.lastIndexOf(`${esc}[?25h`)).toBeGreaterThan(text.lastIndexOf(`${esc}[?25l`));
  expect(text.lastIndexOf(`${esc}[?7h`)).toBeGreaterThan(text.lastIndexOf(`${esc}[?7l`));
});

test('has no colours when the user wants none', () => {
  let text = '';
  const display = displayFor(
    {
      isTTY: true,
      columns: 80,
      rows: 24,
      write: (each) => {
        text += each;
      },
    },
    { NO_COLOR: '1' },
  );
  display.begin(plan, '1.2.3');
  display.update(progress(1));
  expect(text).not.toMatch(new RegExp(`${esc}\\[\\d*m`));
});

test.each([
  { isTTY: false, environment: {} },
  { isTTY: true, environment: { TERM: 'dumb' } },
])('writes plain lines elsewhere: %j', ({ isTTY, environment }) => {
  let text = '';
  const display = displayFor(
    {
      isTTY,
      write: (each) => {
        text += each;
      },
    },
    environment,
  );
  display.begin(plan, '1.2.3');
  display.update(progress(1));
  display.update(progress(2));
  display.end();
  expect(text).toBe(
    'rehearsing 13 steps on app-mesh with Envoy 1.2.3, 1000 requests per second\n' +
      'step 1 (green at 0): blue 75 %, green 16.7 %; 120 requests, 10 failed\n',
  );
});
