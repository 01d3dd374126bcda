import { stripVTControlCharacters } from 'node:util';
import { type StatusSources, statusOf } from '../../../lib/operate/status/status';
import { statusLine, statusLines } from '../../../lib/operate/status/status-text';
import { paintFor } from '../../../lib/terminal/paint';
import { declaredWith, liveWith, now, stackWith, waiting } from '../example-release';

const plain = (_: string, text: string) => text;
const shown = (sources: Partial<StatusSources>, room: number) =>
  statusLines(statusOf({ ...waiting, ...sources }), { room, paint: plain, now });

test('a wide terminal has all in columns', () => {
  expect(shown({}, 119)).toEqual([
    'sample · load-balancer · blue → green                       ◷ waiting for you · step 3 of 6 · since 14:02 (1 h 12 min)',
    '',
    '          declared   deployed   live   tasks   requests/min   errors     p95',
    '  blue    75 %       75 %       75 %   2/2            1\u202f482    0.1 %   41 ms   shop:1.4.0',
    '  green   25 %       25 %       25 %   2/2              496    0.2 %   44 ms   shop:1.5.0 new',
    '',
    '  ✓ blue only  ✓ green at 0  ✓ 95/5  ● 75/25  ○ 50/50  ○ blue at 0  ○ green only',
    '',
    '  next   npm run release -- next                50/50: green answers 50 % of the requests',
    '  back   npm run release -- rollback            blue answers everything; green keeps running',
  ]);
});

test('one of 80 columns has the numbers, and one of 40 has them below each other', () => {
  expect(shown({}, 79).slice(3, 6)).toEqual([
    '         declared  deployed  live  tasks  requests/min  errors',
    '  blue   75 %      75 %      75 %  2/2           1\u202f482   0.1 %  shop:1.4.0',
    '  green  25 %      25 %      25 %  2/2             496   0.2 %  shop:1.5.0 new',
  ]);
  expect(shown({}, 39)).toEqual([
    'sample · load-balancer · blue → green',
    '◷ waiting for you · step 3 of 6',
    'since 14:02 (1 h 12 min)',
    '',
    '  blue',
    '    declared 75 % · deployed 75 %',
    '    live 75 % · tasks 2/2',
    '    requests/min 1\u202f482 · errors 0.1 %',
    '    p95 41 ms · shop:1.4.0',
    '  green',
    '    declared 25 % · deployed 25 %',
    '    live 25 % · tasks 2/2',
    '    requests/min 496 · errors 0.2 %',
    '    p95 44 ms · shop:1.5.0, new',
    '',
    '  ✓ blue only  ✓ green at 0  ✓ 95/5',
    '  ● 75/25  ○ 50/50  ○ blue at 0',
    '  ○ green only',
    '',
    '  next   npm run release -- next',
    '         50/50: green answers 50 % of',
    '         the requests',
    '  back   npm run release -- rollback',
    '         blue answers everything; green',
    '         keeps running',
  ]);
});

const byHand = { live: liveWith({ blue: 1, green: 1 }) };
const failing = {
  alarms: waiting.alarms.map((alarm) => ({ ...alarm, state: 'ALARM' as const })),
  declared: undefined,
  problems: ['declared: appPort: got "", expected a whole number from 1 to 65535; for example -c appPort=8080'],
};

test.each([
  ['waiting', {}],
  ['with a weight that was changed by hand', byHand],
  ['with alarms that have gone off, and files that cannot be read', failing],
  ['busy', { stack: stackWith({ blue: 1, green: 1 }, { status: 'UPDATE_IN_PROGRESS', statusReason: 'User Initiated' }) }],
  ['with nothing to release', { nothingToRelease: 'nothing to release: green answers everything, and blue is off' }],
  ['not there', { stack: undefined, live: {}, minutes: [], alarms: [] }],
  ['with an image of a long name', { stack: stackWith({ blue: 1 }, { state: longImage() }), live: liveWith({ blue: 1 }) }],
])('no line is longer than the terminal: %s', (_, sources) => {
  for (let room = 30; room < 140; room += 1) {
    // Half a word of a command is no command.
    const lines = shown(sources, room).filter((line) => !/^\s+\S+( \\)?$/.test(line));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(room);
  }
});

test('what differs takes the place of what comes next, with the command that mends it', () => {
  expect(shown(byHand, 119).slice(8)).toEqual([
    '  ✗ live and deployed differ: blue 50 % live, 75 % deployed; green 50 % live, 25 % deployed',
    '    mend it  npx cdk deploy --revert-drift',
  ]);
});

test('a command of two lines can be pasted into a shell', () => {
  const [first = '', second = ''] = shown({ ...byHand, asked: { ...waiting.asked, context: { appName: "it's" } } }, 39).slice(-2);
  expect([first, second]).toEqual(['    mend it  npx cdk deploy \\', "    --revert-drift -c 'appName=it'\\''s'"]);
});

test('where there is nothing to release, that takes the place of what comes next', () => {
  const nothingToRelease = 'nothing to release: green answers everything, and blue is off and declared with shop:1.4.0';
  const sources = { stack: stackWith({ green: 1 }), live: liveWith({ green: 1 }), declared: declaredWith({ green: 1 }) };
  expect(shown({ ...sources, nothingToRelease }, 79).slice(-2)).toEqual([
    '  nothing to release: green answers everything, and blue is off and declared',
    '  with shop:1.4.0',
  ]);
});

test('colours tell what is good and what is not; without them nothing else is missing', () => {
  const output = { isTTY: true, write: () => true };
  const lines = (environment: NodeJS.ProcessEnv) =>
    statusLines(statusOf({ ...waiting, ...byHand }), { room: 119, paint: paintFor(output, environment), now }).join('\n');
  const coloured = lines({});
  expect(coloured).toContain('\u001b[31m✗ not the same everywhere\u001b[39m');
  expect(stripVTControlCharacters(coloured)).toBe(lines({ NO_COLOR: '1' }));
});

test('one line says all that is news', () => {
  expect(statusLine(statusOf(waiting))).toBe(
    'waiting for you · blue → green · step 3 of 6 (75/25) · blue 75 %, 2 of 2 tasks · green 25 %, 2 of 2 tasks',
  );
  expect(statusLine(statusOf({ ...waiting, ...byHand }))).toMatch(
    / · live and deployed differ: .*; npx cdk deploy --revert-drift$/,
  );
});

function longImage() {
  const { state } = stackWith({ blue: 1 });
  const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/a-shop-with-a-long-name:${'0123456789'.repeat(5)}`;
  return { ...state, slots: { blue: { weight: 1, image } } };
}

test('where nobody can tell what is declared, the heading and the line say so', () => {
  const status = statusOf({ ...waiting, declared: undefined, problems: failing.problems });
  expect(statusLines(status, { room: 119, paint: plain, now })[0]).toContain('✗ unknown · step 3 of 6');
  expect(statusLine(status)).toMatch(/^unknown · .* · declared: appPort: got ""/);
});
