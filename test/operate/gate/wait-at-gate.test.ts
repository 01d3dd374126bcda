import type { Check } from '../../../lib/operate/gate/check';
import type { Sight } from '../../../lib/operate/gate/sight';
import { type GateKeeping, refusalOf, waitAtGate } from '../../../lib/operate/gate/wait-at-gate';
import { NoAnswerError } from '../../../lib/operate/no-answer';
import { release } from '../../../lib/release/release';

const check = (verdict: Check['verdict'], sentence: string = verdict, exitCode?: Check['exitCode']): Check => ({
  name: sentence,
  verdict,
  sentence,
  exitCode,
});
const [, step] = release();

function keeping(looks: readonly (readonly Check[])[], more: Partial<GateKeeping> = {}) {
  const shown: (readonly Check[])[] = [];
  const unanswered: string[] = [];
  let looked = 0;
  return {
    shown,
    unanswered,
    keeping: {
      look: async () => ({}) as Sight,
      stepFor: () => step,
      check: async () => looks[Math.min(looked++, looks.length - 1)] ?? [],
      show: (_, __, checks) => void shown.push(checks),
      showNoAnswer: ({ message }) => void unanswered.push(message),
      timeoutMs: 60_000,
      pauseMs: 1,
      signal: new AbortController().signal,
      ...more,
    } satisfies GateKeeping as GateKeeping,
  };
}

test('what is not yet good enough is looked at again until it is', async () => {
  const looks = [[check('inconclusive')], [check('pass'), check('inconclusive')], [check('pass')]];
  const { keeping: gate, shown } = keeping(looks);
  await expect(waitAtGate(gate)).resolves.toMatchObject({ step, checks: looks[2], refused: undefined });
  expect(shown).toEqual(looks);
});

test('what fails ends the waiting at once', async () => {
  const { keeping: gate, shown } = keeping([[check('inconclusive')], [check('inconclusive'), check('fail')]]);
  await expect(waitAtGate(gate)).resolves.toMatchObject({ refused: { exitCode: 4, problems: ['fail'] } });
  expect(shown).toHaveLength(2);
});

test('when the time is over, it says for what it waited', async () => {
  const { keeping: gate } = keeping([[check('inconclusive', 'too few'), check('pass')]], { timeoutMs: 20 });
  await expect(waitAtGate(gate)).resolves.toMatchObject({ refused: { exitCode: 3, problems: ['too few'] } });
});

test('no answer is waited for, and shown', async () => {
  let looked = 0;
  const { keeping: gate, unanswered } = keeping([[check('pass')]], {
    look: async () => {
      looked += 1;
      if (looked < 3) {
        throw new NoAnswerError(`Throttling ${looked}`);
      }
      return {} as Sight;
    },
  });
  await expect(waitAtGate(gate)).resolves.toMatchObject({ step, refused: undefined });
  expect(unanswered).toEqual(['Throttling 1', 'Throttling 2']);
});

test('when the time is over without an answer, it says so', async () => {
  const error = new NoAnswerError('Throttling');
  const { keeping: gate } = keeping([[check('pass')]], { check: () => Promise.reject(error), timeoutMs: 20 });
  await expect(waitAtGate(gate)).rejects.toBe(error);
});

test('without a step there is nothing to wait for', async () => {
  const { keeping: gate, shown } = keeping([[check('fail')]], { stepFor: () => undefined });
  await expect(waitAtGate(gate)).resolves.toMatchObject({ step: undefined, refused: undefined });
  expect(shown).toEqual([]);
});

test('a signal ends the waiting', async () => {
  const stop = new AbortController();
  const { keeping: gate } = keeping([[check('inconclusive')]], {
    signal: stop.signal,
    pauseMs: 60_000,
    show: () => setImmediate(() => stop.abort()),
  });
  await expect(waitAtGate(gate)).rejects.toThrow('aborted');
});

test('a signal ends a look that gets no answer', async () => {
  const stop = new AbortController();
  const { keeping: gate } = keeping([], { signal: stop.signal, look: () => new Promise(() => setImmediate(() => stop.abort())) });
  await expect(waitAtGate(gate)).rejects.toThrow('aborted');
});

test.each([
  ['nothing', [check('pass')], undefined],
  ['what waits', [check('inconclusive', 'a'), check('inconclusive', 'b')], { exitCode: 3, problems: ['a', 'b'] }],
  ['what fails, before what waits', [check('inconclusive', 'a'), check('fail', 'b')], { exitCode: 4, problems: ['b'] }],
  ['what differs, before all', [check('fail', 'a'), check('fail', 'b', 6)], { exitCode: 6, problems: ['a', 'b'] }],
] as const)('%s counts', (_, checks, refused) => {
  expect(refusalOf(checks)).toEqual(refused);
});
