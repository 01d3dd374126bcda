import type { LiveSlot, LiveState } from '../../../lib/operate/live/live-state';
import { proveLive } from '../../../lib/operate/live/prove-live';
import { NoAnswerError } from '../../../lib/operate/no-answer';
import type { ReleaseState } from '../../../lib/release/release';

const slot = (weight: number): LiveSlot => ({
  weight,
  tasks: { desired: 1, running: 1, pending: 0 },
  healthyTargets: 1,
  rollingOut: false,
  createdAt: new Date(0),
  versionAt: new Date(0),
});
const state: ReleaseState = { blue: { active: true, weight: 1 }, green: { active: true, weight: 1 } };
const old: LiveState = { blue: slot(3), green: slot(1) };
const deployed: LiveState = { blue: slot(50), green: slot(50) };

const prove = (looks: readonly LiveState[], timeoutMs: number) => {
  let looked = 0;
  const read = async () => looks[Math.min(looked++, looks.length - 1)] as LiveState;
  return proveLive({ state, read, timeoutMs, pauseMs: 1, signal: new AbortController().signal });
};

test('waits until the shares are those that were deployed', async () => {
  await expect(prove([old, old, deployed], 60_000)).resolves.toEqual({ live: deployed, isLive: true });
});

test('gives up when the time is over', async () => {
  await expect(prove([old], 10)).resolves.toEqual({ live: old, isLive: false });
});

test('no answer is asked for again', async () => {
  let asked = 0;
  const read = async () => {
    asked += 1;
    if (asked < 3) {
      throw new NoAnswerError('ecs: got Throttling');
    }
    return deployed;
  };
  const proof = { state, read, timeoutMs: 60_000, pauseMs: 1, signal: new AbortController().signal };
  await expect(proveLive(proof)).resolves.toEqual({ live: deployed, isLive: true });
});
