import type { LiveSlot } from '../../../lib/operate/live/live-state';
import type { DeployedAlarm } from '../../../lib/operate/measured/alarm-state';
import { withCommands } from '../../../lib/operate/screen/parts';
import { type StatusSources, statusOf } from '../../../lib/operate/status/status';
import { statusJson } from '../../../lib/operate/status/status-json';
import { statusLines } from '../../../lib/operate/status/status-text';
import { declaredWith, images, liveWith, minutesWith, now, stackWith, waiting } from '../example-release';

const statusWith = (sources: Partial<StatusSources>) => statusOf({ ...waiting, ...sources });
const same = (weights: Readonly<Record<string, number>>) => ({
  stack: stackWith(weights),
  live: liveWith(weights),
  declared: declaredWith(weights),
});
const named = { ...waiting.asked, isStackNamed: true };
const shown = ({ word, differences }: ReturnType<typeof statusOf>) => [
  word,
  ...differences.map(({ problem, mend }) => withCommands(problem, mend)),
];

test('declared, deployed and live stand side by side, as shares', () => {
  expect(statusJson(statusOf(waiting))).toEqual({
    status: 'waiting',
    stack: 'sample-blue-green',
    stackStatus: 'UPDATE_COMPLETE',
    plane: 'load-balancer',
    from: 'blue',
    to: 'green',
    since: expect.stringMatching(/^2026-11-2\dT.*Z$/),
    step: { number: 3, of: 6, name: '75/25' },
    slots: {
      blue: {
        declared: 0.75,
        deployed: 0.75,
        live: 0.75,
        image: images.blue,
        tasks: { desired: 2, running: 2, pending: 0 },
        healthyTargets: 2,
        requestsPerMinute: 1482,
        errorShare: 1 / 1482,
        p95Ms: 41,
      },
      green: expect.objectContaining({ declared: 0.25, deployed: 0.25, live: 0.25, requestsPerMinute: 496 }),
    },
    steps: expect.arrayContaining([
      { name: '95/5', mark: 'done' },
      { name: '75/25', mark: 'here' },
      { name: '50/50', mark: 'ahead' },
    ]),
    alarms: [],
    differences: [],
    problems: [],
    nothingToRelease: null,
    next: 'npm run release -- next',
    back: 'npm run release -- rollback',
  });
});

test('a slot that is off has no share, no tasks and no requests', () => {
  const { green } = statusJson(statusWith(same({ blue: 1 }))).slots as Record<string, unknown>;
  expect(green).toEqual({
    declared: null,
    deployed: null,
    live: null,
    image: images.green,
    tasks: null,
    healthyTargets: null,
    requestsPerMinute: null,
    errorShare: null,
    p95Ms: null,
  });
});

test.each([
  ['one slot', same({ blue: 1 }), ['steady']],
  ['the other one', same({ green: 7 }), ['steady']],
  ['both', same({ blue: 1, green: 0 }), ['waiting']],
  [
    'other weights of the same shares',
    { ...same({ blue: 3, green: 1 }), declared: declaredWith({ blue: 75, green: 25 }) },
    ['waiting'],
  ],
  [
    'a slot without weight that the rule does not name',
    { ...same({ blue: 1, green: 0 }), live: liveWith({ blue: 1, green: undefined }) },
    ['waiting'],
  ],
  [
    'weights changed behind the back of the stack',
    { live: liveWith({ blue: 1, green: 1 }) },
    [
      'differs',
      'live and deployed differ: blue 50 % live, 75 % deployed; green 50 % live, 25 % deployed; npx cdk deploy --revert-drift',
    ],
  ],
  [
    'a service that somebody deleted',
    { live: liveWith({ blue: 1 }) },
    [
      'differs',
      'live and deployed differ: blue 100 % live, 75 % deployed; green off live, 25 % deployed; npx cdk deploy --revert-drift',
    ],
  ],
  [
    'files that say something else',
    { declared: declaredWith({ blue: 1 }) },
    [
      'differs',
      'declared and deployed differ: blue 100 % declared, 75 % deployed; green off declared, 25 % deployed; git checkout -- cdk.context.json, or npx cdk deploy',
    ],
  ],
  [
    'another image in the files',
    { declared: { ...declaredWith({ blue: 3, green: 1 }), images: { ...images, green: 'example/shop:1.6.0' } } },
    [
      'differs',
      'images differ: green example/shop:1.6.0 declared, example/shop:1.5.0 deployed; git checkout -- cdk.json, or npx cdk deploy',
    ],
  ],
  [
    'a deploy under way, whatever else is the same or not',
    { stack: stackWith({ blue: 1, green: 1 }, { status: 'UPDATE_IN_PROGRESS' }) },
    ['busy', 'stack sample-blue-green: is UPDATE_IN_PROGRESS, expected a deploy to be over; npm run release -- status --watch'],
  ],
  [
    'a way back that failed',
    { stack: stackWith({ blue: 3, green: 1 }, { status: 'UPDATE_ROLLBACK_FAILED', statusReason: 'Rule is gone' }) },
    ['stuck', 'stack sample-blue-green: is UPDATE_ROLLBACK_FAILED, Rule is gone; npx cdk rollback sample-blue-green'],
  ],
  ['files that cannot be read', { declared: undefined, problems: ['declared: appPort: got ""'] }, ['unknown']],
  ['files that do not count, since the stack is named', { asked: named, declared: undefined }, ['waiting']],
  ['one slot of a stack that is named', { ...same({ blue: 1 }), asked: named, declared: undefined }, ['steady']],
  [
    'weights changed behind the back of a stack that is named',
    { asked: named, live: liveWith({ blue: 1, green: 1 }), declared: undefined },
    [
      'differs',
      'live and deployed differ: blue 50 % live, 75 % deployed; green 50 % live, 25 % deployed; ' +
        'npx cdk deploy sample-blue-green --revert-drift',
    ],
  ],
  [
    'a deploy under way of a stack that is named',
    { asked: named, stack: stackWith({ blue: 1, green: 1 }, { status: 'UPDATE_IN_PROGRESS' }), declared: undefined },
    [
      'busy',
      'stack sample-blue-green: is UPDATE_IN_PROGRESS, expected a deploy to be over; ' +
        'npm run release -- status --watch --stack sample-blue-green',
    ],
  ],
  [
    'no stack of a name that the files do not have: a deploy would make another one',
    { asked: named, stack: undefined, live: {}, declared: undefined },
    ['missing', 'stack sample-blue-green: is not there; look at its name, the account and the Region'],
  ],
  ['no stack', { stack: undefined, live: {} }, ['missing', 'stack sample-blue-green: is not there; npx cdk deploy']],
] as const)('%s', (_, sources, expected) => expect(shown(statusWith(sources as Partial<StatusSources>))).toEqual(expected));

test('an image of a slot that is off may be another one: that is how a release begins', () => {
  const declared = { ...declaredWith({ blue: 1 }), images: { ...images, green: 'example/shop:1.6.0' } };
  expect(shown(statusWith({ ...same({ blue: 1 }), declared }))).toEqual(['steady']);
});

test.each([
  ['the older slot is the one to come from', {}, 'blue', 'green'],
  ['whatever its name is', { live: { green: waiting.live.blue, blue: { ...waiting.live.green, weight: 3 } } }, 'green', 'blue'],
  ['a slot that is named is the one to go to', { to: 'blue' }, 'green', 'blue'],
  ['the slot that is off gets the new version', same({ green: 1 }), 'green', 'blue'],
] as const)('%s', (_, sources, from, to) => {
  expect(statusWith(sources as Partial<StatusSources>).direction).toEqual({ from, to });
});

test('the commands are as somebody has to type them', () => {
  const { next, back } = statusWith({
    asked: { ...waiting.asked, stage: 'prod', context: { stage: 'prod' } },
    to: 'green',
    ladder: [10, 100],
  });
  expect([next?.command, back?.command]).toEqual([
    'npm run release -- next --ladder 10,100 --to green -c stage=prod',
    'npm run release -- rollback --to blue -c stage=prod',
  ]);
});

test('where there is nothing to release, no step is suggested, and it is said why', () => {
  const nothingToRelease = 'nothing to release: green answers everything';
  const status = statusWith({ ...same({ green: 1 }), nothingToRelease });
  expect(statusJson(status)).toMatchObject({ status: 'steady', nothingToRelease, next: null, back: null });
  const differing = statusWith({ ...same({ green: 1 }), live: liveWith({ green: 0 }), nothingToRelease });
  expect(statusJson(differing)).toMatchObject({ status: 'differs', nothingToRelease: null });
});

test('without files there is a way back only', () => {
  const { next, back, isDeclaredKnown } = statusWith({ declared: undefined });
  expect([next, back?.command, isDeclaredKnown]).toEqual([
    undefined,
    'npm run release -- rollback --stack sample-blue-green',
    false,
  ]);
});

const rollback = 'npm run release -- rollback';

test.each([
  ['a deploy that is under way is cancelled by a rollback', 'UPDATE_IN_PROGRESS', {}, rollback],
  ['also without files', 'UPDATE_IN_PROGRESS', { declared: undefined }, `${rollback} --stack sample-blue-green`],
  ['and to the slot beside the one that was named', 'UPDATE_IN_PROGRESS', { to: 'green' }, `${rollback} --to blue`],
  ['one that is taken back already is not', 'UPDATE_ROLLBACK_IN_PROGRESS', {}, undefined],
  ['nor is one that is only being tidied up after', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', {}, undefined],
  ['nor the first one', 'CREATE_IN_PROGRESS', {}, undefined],
  ['nor one that is stuck', 'UPDATE_ROLLBACK_FAILED', {}, undefined],
])('%s', (_, status, sources, command) => {
  const { next, back } = statusWith({
    stack: stackWith({ blue: 3, green: 1 }, { status }),
    ...(sources as Partial<StatusSources>),
  });
  expect([next, back?.command]).toEqual([undefined, command]);
});

test.each([
  ['before a release', { blue: 1 }, undefined, 'green at 0', undefined],
  ['a slot without requests has nothing to take back', { blue: 1, green: 0 }, '1 of 6 green at 0', '95/5', undefined],
  ['a split between two steps', { blue: 13, green: 7 }, '3 of 6 65/35', '50/50', 'rollback'],
  ['the old slot without requests', { blue: 0, green: 1 }, '5 of 6 blue at 0', 'green only', 'rollback'],
] as const)('%s', (_, weights, step, next, back) => {
  const status = statusWith(same(weights));
  const here = status.ladder.find(({ mark }) => mark === 'here');
  expect([
    status.step && `${status.step.number} of ${status.step.of} ${here?.name}`,
    status.next?.does.split(':')[0],
    status.back?.command.split(' ').at(-1),
  ]).toEqual([step, next, back]);
});

test('minutes that have not arrived yet are not taken for minutes without requests', () => {
  const arrived = minutesWith(
    { blue: { requests: 60, errors: 6, latencyMs: 20 }, green: { requests: 0, errors: 0, latencyMs: undefined } },
    3,
  );
  const late = minutesWith({ blue: { requests: 0, errors: 0, latencyMs: undefined } }, 2);
  const { slots } = statusWith({ minutes: [...arrived, ...late] });
  expect(slots.blue.traffic).toEqual({ requestsPerMinute: 60, errorShare: 0.1, p95Ms: 20 });
  expect(slots.green.traffic).toEqual({ requestsPerMinute: 0, errorShare: undefined, p95Ms: undefined });
});

test('an alarm that has gone off is told, and is no difference', () => {
  const alarms = waiting.alarms.map((alarm) => (alarm.slot === 'green' ? { ...alarm, state: 'ALARM' as const } : alarm));
  const { word, alarms: told } = statusWith({ alarms });
  expect([word, told]).toEqual(['waiting', ['sample-green-errors']]);
});

test.each([
  ['load-balancer', 2, ['sample-green-empty']],
  ['lattice', 2, []],
  ['lattice', 1, ['sample-green-empty']],
])('an alarm on a slot without tasks, on %s with %d of 2 tasks running', (plane, running, expected) => {
  const [service] = waiting.alarms;
  const alarm = { ...service, name: 'sample-green-empty', kind: 'empty slot', slot: 'green', state: 'ALARM' } as DeployedAlarm;
  const { state } = stackWith({ blue: 3, green: 1 });
  const stack = stackWith({ blue: 3, green: 1 }, { state: { ...state, wayIn: { ...state.wayIn, plane } } });
  const live = liveWith({ blue: 3, green: 1 }, { tasks: { desired: 2, running, pending: 0 } });
  expect(statusWith({ stack, live, alarms: [alarm] }).alarms).toEqual(expected);
});

describe('a slot whose image was used again: the older service has the newer version', () => {
  const live = { ...liveWith({ blue: 3, green: 1 }) };
  const doubtful = { ...live, blue: { ...live.blue, versionAt: new Date(2026, 10, 20) } as LiveSlot };

  test('it is not said which one is new, and no command follows from it', () => {
    const status = statusWith({ live: doubtful });
    expect(status.problems).toEqual([
      '--to: got none, expected blue or green, since blue is the older slot, and got its version after green was made; ' +
        'name the slot of the new version, for example --to green',
    ]);
    expect(statusJson(status)).toMatchObject({ status: 'waiting', from: null, to: null, step: null, next: null, back: null });
    expect(statusLines(status, { room: 100, paint: (_, text) => text, now }).join('\n')).not.toMatch(/→|new$/m);
  });

  test('when it is said, all is said', () => {
    const { problems, direction, back } = statusWith({ live: doubtful, to: 'blue' });
    expect([problems, direction, back?.command]).toEqual([
      [],
      { from: 'green', to: 'blue' },
      'npm run release -- rollback --to green',
    ]);
  });
});
