import * as fc from 'fast-check';
import { type RolloutState, rolloutBounds, rolloutMoves } from '../../../lib/local/ecs/rollout';

const none = { healthy: 0, others: 0 };
const state = (more: Partial<RolloutState>): RolloutState => ({
  desired: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  primary: none,
  failing: 0,
  old: none,
  ...more,
});

test.each<[string, Partial<RolloutState>, number, number]>([
  ['the first tasks of a service', {}, 2, 0],
  ['new ones beside the old ones', { old: { healthy: 2, others: 0 } }, 2, 0],
  ['an old one goes for each new one', { primary: { healthy: 1, others: 1 }, old: { healthy: 2, others: 0 } }, 0, 1],
  ['as many as have room', { maximumPercent: 150, old: { healthy: 2, others: 0 } }, 1, 0],
  ['without room the minimum goes on', { minimumHealthyPercent: 50, maximumPercent: 100, old: { healthy: 2, others: 0 } }, 0, 1],
  [
    'the minimum is rounded up',
    { desired: 3, minimumHealthyPercent: 50, maximumPercent: 100, old: { healthy: 3, others: 0 } },
    0,
    1,
  ],
  ['the maximum is rounded down', { desired: 3, maximumPercent: 150, old: { healthy: 3, others: 0 } }, 1, 0],
  ['with room no old one goes first', { minimumHealthyPercent: 50, old: { healthy: 2, others: 0 } }, 2, 0],
  ['one beside each that fails', { primary: { healthy: 1, others: 0 }, failing: 1 }, 1, 0],
  ['none beside one that fails where there is no room', { maximumPercent: 100, failing: 2 }, 0, 0],
  ['scaling in, while it rolls', { desired: 1, old: { healthy: 3, others: 0 } }, 0, 2],
])('%s', (_, more, start, stopped) => {
  const moves = rolloutMoves(state(more));
  expect([moves.start, moves.stop.old.healthy, moves.isBlocked]).toEqual([start, stopped, false]);
});

test('what is not healthy goes first, and old ones of that kind at once', () => {
  const moves = rolloutMoves(state({ primary: { healthy: 2, others: 1 }, old: { healthy: 1, others: 2 } }));
  expect(moves.stop).toEqual({ primary: { healthy: 0, others: 1 }, failing: 0, old: { healthy: 1, others: 2 } });
});

test.each<[string, Partial<RolloutState>, number]>([
  ['when others have taken their place', { primary: { healthy: 2, others: 0 }, failing: 2 }, 2],
  ['not before', { primary: { healthy: 1, others: 1 }, failing: 1 }, 0],
  ['at once where there is no room for others', { primary: { healthy: 1, others: 0 }, maximumPercent: 100, failing: 1 }, 1],
])('tasks that fail go: %s', (_, more, stopped) => {
  expect(rolloutMoves(state(more)).stop.failing).toBe(stopped);
});

const happenings = fc.array(fc.constantFrom('healthy', 'dies', 'fails', 'old dies'), { maxLength: 30 });

test('a rollout keeps to its minimum and maximum whatever happens, and ends', () => {
  fc.assert(
    fc.property(
      fc.record({
        desired: fc.integer({ min: 0, max: 12 }),
        minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
        maximumPercent: fc.integer({ min: 100, max: 200 }),
        failing: fc.integer({ min: 0, max: 4 }),
        old: fc.record({ healthy: fc.integer({ min: 0, max: 14 }), others: fc.integer({ min: 0, max: 3 }) }),
      }),
      happenings,
      (begin, happens) => {
        let now: RolloutState = { ...begin, primary: none };
        const { minimum, maximum } = rolloutBounds(now);
        // In the end all that is started becomes healthy.
        const all = [...happens, ...Array.from({ length: 100 }, () => 'healthy')];
        for (const happening of all) {
          const moves = rolloutMoves(now);
          const { primary, failing, old } = now;
          const next = {
            failing: failing - moves.stop.failing,
            primary: {
              healthy: primary.healthy - moves.stop.primary.healthy,
              others: primary.others - moves.stop.primary.others + moves.start,
            },
            old: { healthy: old.healthy - moves.stop.old.healthy, others: old.others - moves.stop.old.others },
          };
          const healthy = ({ primary, old }: Pick<RolloutState, 'primary' | 'old'>) => primary.healthy + old.healthy;
          const running = (each: Pick<RolloutState, 'primary' | 'failing' | 'old'>) =>
            healthy(each) + each.primary.others + each.failing + each.old.others;
          if (healthy(next) < Math.min(minimum, healthy(now)) || (moves.start > 0 && running(next) > maximum)) {
            throw new Error(`got ${JSON.stringify(moves)} in ${JSON.stringify(now)}`);
          }
          if (moves.isBlocked) {
            expect([minimum, maximum]).toEqual([now.desired, now.desired]);
            return;
          }
          now = { ...now, ...next };
          if (happening === 'healthy' && now.primary.others > 0) {
            now = { ...now, primary: { healthy: now.primary.healthy + 1, others: now.primary.others - 1 } };
          }
          if (happening === 'dies' && now.primary.others > 0) {
            now = { ...now, primary: { ...now.primary, others: now.primary.others - 1 } };
          }
          if (happening === 'fails' && now.primary.healthy > 0) {
            now = { ...now, primary: { ...now.primary, healthy: now.primary.healthy - 1 }, failing: now.failing + 1 };
          }
          if (happening === 'old dies' && now.old.healthy > 0) {
            now = { ...now, old: { ...now.old, healthy: now.old.healthy - 1 } };
          }
        }
        expect([now.primary, now.failing, now.old]).toEqual([{ healthy: now.desired, others: 0 }, 0, none]);
      },
    ),
    { numRuns: 1000 },
  );
});
