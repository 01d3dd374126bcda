import { liveSlot, weightOf } from '../../../lib/operate/live/read-live-state';

const group = (id: string) => `arn:aws:vpc-lattice:r:1:targetgroup/${id}`;

test.each<[string, string, number | undefined]>([
  ['by its ARN', group('tg-1'), 3],
  ['by its id', group('tg-2'), 0],
  ['not by the end of its id', group('xtg-2'), undefined],
  ['a rule that does not name it', group('tg-4'), undefined],
])('the weight of a target: %s', (_, target, weight) => {
  const weights = [
    { target: group('tg-1'), weight: 3 },
    { target: 'tg-2', weight: 0 },
  ];
  expect(weightOf(target, weights)).toBe(weight);
});

describe('a slot', () => {
  const createdAt = new Date(1);
  const counts = { desiredCount: 3, runningCount: 2, pendingCount: 1 };

  test.each<[string, object[], boolean]>([
    ['one deployment that is done', [{ rolloutState: 'COMPLETED' }], false],
    ['one that is under way', [{ rolloutState: 'IN_PROGRESS' }], true],
    ['one beside the one before', [{ rolloutState: 'COMPLETED' }, { rolloutState: 'COMPLETED' }], true],
    ['one that has failed', [{ rolloutState: 'FAILED' }], false],
  ])('is rolling out or not: %s', (_, deployments, rollingOut) => {
    expect(liveSlot({ ...counts, createdAt, deployments }, 5, undefined)).toEqual({
      weight: 5,
      tasks: { desired: 3, running: 2, pending: 1 },
      healthyTargets: undefined,
      rollingOut,
      createdAt,
      versionAt: createdAt,
    });
  });

  test('has its version since the deployment that ECS counts', () => {
    const deployments = [
      { status: 'ACTIVE', createdAt: new Date(2) },
      { status: 'PRIMARY', createdAt: new Date(3) },
    ];
    expect(liveSlot({ ...counts, createdAt, deployments }, 5, undefined)).toMatchObject({ createdAt, versionAt: new Date(3) });
  });
});
