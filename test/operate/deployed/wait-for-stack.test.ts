import { awsClients } from '../../../lib/operate/aws-clients';
import { type StackWait, waitForStack } from '../../../lib/operate/deployed/wait-for-stack';
import { exitCodes } from '../../../lib/operate/exit-codes';
import { served } from '../loopback-server';

const watchCommand = 'npm run release -- status --watch -c stage=prod';

interface Answer {
  readonly status: string;
  readonly reason?: string;

  /** When its last operation began. */
  readonly changedAt: string;

  /** With which it answers instead. */
  readonly error?: string;
}

const [before, after] = ['2026-11-27T10:00:00.000Z', '2026-11-27T10:05:00.000Z'];
const done: Answer = { status: 'UPDATE_COMPLETE', changedAt: after };

const inXml = ({
  status,
  reason,
  changedAt,
}: Answer) => `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult><Stacks><member>
    <StackName>shop</StackName><CreationTime>${before}</CreationTime><LastUpdatedTime>${changedAt}</LastUpdatedTime>
    <StackStatus>${status}</StackStatus>${reason ? `<StackStatusReason>${reason}</StackStatusReason>` : ''}
  </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

/** Waits for a stack that is described in these ways, one after the other; the last one stays. */
async function waited(answers: readonly Answer[], wait: Partial<StackWait>, signal = new AbortController().signal) {
  let asked = 0;
  const told: string[] = [];
  const result = await served(
    (_, response) => {
      const answer = answers[Math.min(asked, answers.length - 1)] as Answer;
      asked += 1;
      response.setHeader('content-type', 'text/xml');
      response.statusCode = answer.error === undefined ? 200 : 400;
      response.end(
        answer.error === undefined
          ? inXml(answer)
          : `<ErrorResponse><Error><Type>Sender</Type><Code>${answer.error}</Code><Message>no</Message></Error></ErrorResponse>`,
      );
    },
    async (port) => {
      const clients = awsClients({
        ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      });
      return waitForStack(clients, 'shop', { watchCommand, ...wait, onStatus: ({ status }) => told.push(status) }, signal).catch(
        (error) => error,
      );
    },
  );
  return { result, told, asked };
}

test.each<[what: string, answers: readonly Answer[], end: object, told: readonly string[]]>([
  [
    'an update to its end, its clean-up too',
    [
      { status: 'UPDATE_IN_PROGRESS', changedAt: after },
      { status: 'UPDATE_IN_PROGRESS', changedAt: after },
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', changedAt: after },
      done,
    ],
    { status: 'UPDATE_COMPLETE', statusReason: undefined },
    ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'],
  ],
  [
    'one that is stuck, which ends by nobody waiting',
    [
      { status: 'UPDATE_ROLLBACK_IN_PROGRESS', changedAt: after },
      { status: 'UPDATE_ROLLBACK_FAILED', reason: 'gone', changedAt: after },
    ],
    { status: 'UPDATE_ROLLBACK_FAILED', statusReason: 'gone' },
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
  ],
  [
    'one that begins late: the end of the one before is not taken for it',
    [{ status: 'UPDATE_ROLLBACK_COMPLETE', changedAt: before }, { status: 'UPDATE_ROLLBACK_COMPLETE', changedAt: before }, done],
    { status: 'UPDATE_COMPLETE', statusReason: undefined },
    ['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE'],
  ],
])('waits for %s', async (_, answers, end, told) => {
  const seen = await waited(answers, { changedAt: new Date(before) });
  expect(seen).toEqual({ result: end, told, asked: answers.length });
});

const throttled: Answer = { ...done, error: 'Throttling' };

test('is asked too often: it waits on, longer than the SDK does', async () => {
  const { result } = await waited([...Array.from({ length: 4 }, () => throttled), done], {});
  expect(result).toEqual({ status: 'UPDATE_COMPLETE', statusReason: undefined });
});

test('is asked too often until the time is over', async () => {
  const { result } = await waited([throttled], { limitMs: 0 });
  expect(result.message).toMatch(/^cloudformation:DescribeStacks: got Throttling/);
});

test('what takes too long is told with its status', async () => {
  const { result } = await waited([{ status: 'UPDATE_IN_PROGRESS', changedAt: after }], { limitMs: 0 });
  expect([result.exitCode, result.message]).toEqual([
    exitCodes.differs,
    'stack shop: is UPDATE_IN_PROGRESS after 0 min, expected the end of it; look at its events, and wait for it with npm run release -- status --watch -c stage=prod',
  ]);
});

test('who stops it waits no longer', async () => {
  const stop = new AbortController();
  const waiting = waited([{ status: 'UPDATE_IN_PROGRESS', changedAt: after }], {}, stop.signal);
  stop.abort();
  expect((await waiting).result.name).toBe('AbortError');
});
