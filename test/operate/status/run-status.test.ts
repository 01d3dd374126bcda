import { OperateError } from '../../../lib/operate/operate-error';
import type { OperateTerminal } from '../../../lib/operate/operate-terminal';
import { runStatus } from '../../../lib/operate/status/run-status';
import { type Status, type StatusSources, statusOf } from '../../../lib/operate/status/status';
import { Screen } from '../../terminal/screen';
import { declaredWith, liveWith, stackWith, waiting } from '../example-release';

const line = { json: false, watch: false, timeoutMs: undefined, ladder: waiting.ladder, to: undefined };
const statusWith = (sources: Partial<StatusSources>) => statusOf({ ...waiting, ...sources });
const next = statusWith({
  stack: stackWith({ blue: 1, green: 1 }),
  live: liveWith({ blue: 1, green: 1 }),
  declared: declaredWith({ blue: 1, green: 1 }),
});

class Written {
  text = '';
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  get lines(): string[] {
    return this.text.trimEnd().split('\n');
  }
}

function terminal(out: OperateTerminal['out'] = new Written()) {
  return { out, err: new Written(), environment: {}, requireAnswers: () => {}, ask: async () => false };
}

/** Gives one status after the other, and then ends the watching. */
function oneByOne(all: readonly (Status | Error)[], end: () => void): () => Promise<Status> {
  const left = [...all];
  return async () => {
    const status = left.shift();
    if (left.length === 0) {
      end();
    }
    if (status instanceof Error) {
      throw status;
    }
    return status ?? (all.at(-1) as Status);
  };
}

const watched = async (statuses: readonly (Status | Error)[], more: object, out: OperateTerminal['out']) => {
  const stop = new AbortController();
  const told = terminal(out);
  const code = await runStatus(
    { ...line, watch: true, ...more },
    waiting.asked,
    told,
    stop.signal,
    oneByOne(statuses, () => stop.abort()),
    1,
  );
  return { code, err: told.err };
};

test.each([
  ['waits for a person', {}, 0],
  ['is not what is deployed', { live: liveWith({ blue: 1, green: 1 }) }, 6],
  ['is busy', { stack: stackWith({ blue: 3, green: 1 }, { status: 'UPDATE_IN_PROGRESS' }) }, 6],
  ['is not there', { stack: undefined, live: {} }, 6],
  ['is declared nobody knows how', { declared: undefined, problems: ['declared: appPort: got ""'] }, 6],
])('JSON comes whatever the exit code is: a release that %s', async (_, sources, expected) => {
  const out = new Written();
  const status = statusWith(sources);
  expect(
    await runStatus({ ...line, json: true }, waiting.asked, terminal(out), new AbortController().signal, async () => status),
  ).toBe(expected);
  expect(JSON.parse(out.text).status).toBe(status.word);
});

test('without a terminal, only what has changed is told, in a line', async () => {
  const out = new Written();
  const { code } = await watched([statusOf(waiting), statusOf(waiting), next, next], {}, out);
  expect(code).toBe(130);
  expect(out.lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d waiting for you · blue → green · step 3 of 6 \(75\/25\) · /),
    expect.stringMatching(/^\d\d:\d\d waiting for you · blue → green · step 4 of 6 \(50\/50\) · /),
  ]);
});

test('as JSON, each change is one line, and what cannot be read for a moment is told elsewhere', async () => {
  const out = new Written();
  const failed = new OperateError('ecs:DescribeServices: got no answer, expected one');
  const { err } = await watched([statusOf(waiting), failed, failed, next], { json: true }, out);
  expect(out.lines.map((each) => JSON.parse(each).step.name)).toEqual(['75/25', '50/50']);
  expect(err.lines).toEqual([failed.message]);
});

test('on a terminal it is drawn again at the same place', async () => {
  const screen = new Screen(80, 24);
  const { code } = await watched([statusOf(waiting), next, next], {}, screen);
  expect(code).toBe(130);
  const lines = await screen.lines();
  expect(lines.filter((each) => each.includes('load-balancer'))).toHaveLength(1);
  expect(lines.join('\n')).toContain('● 50/50');
});

test('it ends when the time is over', async () => {
  const status = statusOf(waiting);
  const ending = runStatus(
    { ...line, watch: true, timeoutMs: 1 },
    waiting.asked,
    terminal(),
    new AbortController().signal,
    async () => status,
    1,
  );
  await expect(ending).resolves.toBe(3);
});

test('files that cannot be read are told beside the JSON', async () => {
  const told = terminal();
  const status = statusWith({ declared: undefined, problems: ['declared: appPort: got ""'] });
  expect(await runStatus({ ...line, json: true }, waiting.asked, told, new AbortController().signal, async () => status)).toBe(6);
  expect(told.err.text).toBe('declared: appPort: got ""\n');
});

test('where AWS cannot be asked, JSON says why', async () => {
  const out = new Written();
  const read = async () => {
    throw new OperateError('credentials: got none, expected some');
  };
  const asking = runStatus({ ...line, json: true }, waiting.asked, terminal(out), new AbortController().signal, read);
  await expect(asking).rejects.toThrow('credentials: got none');
  expect(JSON.parse(out.text)).toEqual({
    status: 'unknown',
    stack: 'sample-blue-green',
    problems: ['credentials: got none, expected some'],
  });
});
