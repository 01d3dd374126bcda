import { answered, NoAnswerError } from '../../lib/operate/no-answer';
import { OperateError } from '../../lib/operate/operate-error';

/** Throws each of the errors, one after the other, and then answers. */
function calls(...errors: readonly Error[]) {
  let made = 0;
  return async () => {
    const error = errors[made++];
    if (error) {
      throw error;
    }
    return made;
  };
}
const none = new NoAnswerError('ecs:DescribeServices: got Throttling');
const again = { limitMs: 60_000, pauseMs: 1 };

test('is asked for again until it is there', async () => {
  await expect(answered(calls(none, none), again)).resolves.toBe(3);
});

test('what is an answer is not asked for again', async () => {
  const refused = new OperateError('credentials: got expired ones');
  await expect(answered(calls(none, refused), again)).rejects.toBe(refused);
});

test('when the time is over, it says why', async () => {
  await expect(answered(calls(none), { ...again, limitMs: 0 })).rejects.toBe(none);
});

test('a signal ends it', async () => {
  const asking = answered(calls(none), { limitMs: 60_000, pauseMs: 60_000, signal: AbortSignal.abort() });
  await expect(asking).rejects.toThrow('aborted');
});
