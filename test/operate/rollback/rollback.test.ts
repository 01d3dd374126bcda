import { OperateError } from '../../../lib/operate/operate-error';
import { rollback } from '../../../lib/operate/rollback/rollback';

test('where nobody can be asked, AWS is not asked either', async () => {
  const nobodyToAsk = new OperateError('--yes: got none', 2);
  const terminal = {
    out: { write: () => true },
    err: { write: () => true },
    // Without a Region, the first question to AWS would be told as another problem.
    environment: {},
    requireAnswers: () => {
      throw nobodyToAsk;
    },
    ask: async () => true,
  };
  const asked = { folder: '.', context: {}, stage: undefined, stackName: 'sample-blue-green' };
  const ended = rollback(asked, { to: undefined, hasFiles: true }, terminal, new AbortController().signal);
  await expect(ended).rejects.toBe(nobodyToAsk);
});
