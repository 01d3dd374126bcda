import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { awsClients } from '../../../lib/operate/aws-clients';
import { placeOf, stepTemplate } from '../../../lib/operate/declared/step-template';
import { readDeployedStack } from '../../../lib/operate/deployed/read-deployed-stack';
import type { Sight } from '../../../lib/operate/gate/sight';
import { deployStep } from '../../../lib/operate/step/deploy-step';
import { release } from '../../../lib/release/release';
import { served } from '../loopback-server';

const root = path.resolve(__dirname, '..', '..', '..');
const id = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/1';
const [before, joined, half] = release();
const escaped = JSON.stringify(
  stepTemplate(
    { folder: root, context: {}, stage: undefined, stackName: 'shop' },
    (before as NonNullable<typeof before>).state,
    placeOf(id),
  ),
)
  .replaceAll('&', '&amp;')
  .replaceAll('<', '&lt;');

/** What CloudFormation says of the stack. */
interface Stack {
  readonly status: string;

  /** The minute in which its last operation began. */
  readonly minute: number;

  /** Of each operation since then, the status that it came to. */
  readonly operations?: readonly string[];

  /** With which it answers instead. */
  readonly error?: string;
}
const settled: Stack = { status: 'UPDATE_COMPLETE', minute: 0 };

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 27, 10, minute, second)).toISOString();
const event = (status: string, minute: number, second: number) => `<member><EventId>${minute}-${second}</EventId>
  <StackId>${id}</StackId><LogicalResourceId>shop</LogicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType>
  <Timestamp>${at(minute, second)}</Timestamp><ResourceStatus>${status}</ResourceStatus></member>`;

function answer(action: string | null, { status, minute, operations = [] }: Stack): string {
  switch (action) {
    case 'DescribeStacks':
      return `<Stacks><member><StackName>shop</StackName><StackId>${id}</StackId><CreationTime>${at(0)}</CreationTime>
        <LastUpdatedTime>${at(minute)}</LastUpdatedTime><StackStatus>${status}</StackStatus></member></Stacks>`;
    case 'DescribeStackEvents': {
      const events = operations.flatMap((end, index) => [event('UPDATE_IN_PROGRESS', index + 1, 1), event(end, index + 1, 2)]);
      return `<StackEvents>${[event('UPDATE_COMPLETE', 0, 9), ...events].reverse().join('')}</StackEvents>`;
    }
    case 'GetTemplate':
      return `<TemplateBody>${escaped}</TemplateBody>`;
    default:
      return '<StackResourceSummaries></StackResourceSummaries>';
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'deploy-step-'));
  const bin = path.join(folder, 'node_modules', 'aws-cdk', 'bin');
  mkdirSync(bin, { recursive: true });
  // Where the real one would deploy, this one tells that it is over.
  writeFileSync(
    path.join(bin, 'cdk'),
    'fetch(process.env.AWS_ENDPOINT_URL + "/deployed", { method: "POST" }).then(() => process.exit(Number(process.env.CODE)));',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Deploys a step of a stack that is one before `cdk`, and another one after it; tells how that ended, and whether `cdk` was run. */
async function deployed(stacks: { readonly first?: Stack; readonly after: Stack; readonly code?: number }, step = half) {
  let [now, hasRun]: [Stack, boolean] = [settled, false];
  const end = await served(
    async (request, response) => {
      if (request.url === '/deployed') {
        [now, hasRun] = [stacks.after, true];
        response.end();
        return;
      }
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      const action = new URLSearchParams(body).get('Action');
      response.setHeader('content-type', 'text/xml');
      response.statusCode = now.error === undefined ? 200 : 403;
      response.end(
        now.error === undefined
          ? `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${answer(action, now)}</${action}Result></${action}Response>`
          : `<ErrorResponse><Error><Type>Sender</Type><Code>${now.error}</Code><Message>no</Message></Error></ErrorResponse>`,
      );
    },
    async (port) => {
      const environment = {
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        CODE: `${stacks.code ?? 0}`,
      };
      const clients = awsClients(environment);
      const stack = await readDeployedStack(clients, 'shop');
      now = stacks.first ?? settled;
      const sight = {
        stack,
        declared: { settings: {} },
        state: (before as NonNullable<typeof before>).state,
        alarms: [],
        settleMs: 0,
      } as unknown as Sight;
      return deployStep({
        asked: { folder, context: {}, stage: undefined, stackName: 'shop' },
        clients,
        options: { bakeMinutes: 0 },
        step: step as NonNullable<typeof step>,
        sight,
        terminal: {
          out: { write: () => true },
          err: { write: () => true },
          environment,
          requireAnswers: () => {},
          ask: async () => true,
        },
        signal: new AbortController().signal,
        pauseMs: 1,
      }).catch((error) => error);
    },
  );
  return { end, hasRun };
}

test.each<[string, Stack, RegExp]>([
  [
    'was made',
    { status: 'UPDATE_COMPLETE', minute: 1 },
    /^stack shop: got another deploy since it was looked at \(UPDATE_COMPLETE\)/,
  ],
  [
    'is under way',
    { status: 'UPDATE_IN_PROGRESS', minute: 1 },
    /^stack shop: is UPDATE_IN_PROGRESS, expected a deploy to be over/,
  ],
])('a step is not deployed when another deploy %s since the gate was passed', async (_, first, message) => {
  const { end, hasRun } = await deployed({ first, after: settled });
  expect(end).toMatchObject({ exitCode: 6, message: expect.stringMatching(message) });
  expect(hasRun).toBe(false);
});

test.each<[string, Stack, number, object]>([
  [
    'another deploy in between is never a success',
    { status: 'UPDATE_COMPLETE', minute: 2, operations: ['UPDATE_COMPLETE', 'UPDATE_COMPLETE'] },
    0,
    { kind: 'differs', exitCode: 6, sentence: expect.stringMatching(/^another deploy came in between/) },
  ],
  [
    'nor is another deploy instead of it',
    { status: 'UPDATE_COMPLETE', minute: 1, operations: ['UPDATE_COMPLETE'] },
    1,
    { kind: 'differs', exitCode: 6, sentence: expect.stringMatching(/^another deploy was made instead/) },
  ],
  [
    'what was there before is no operation of it',
    settled,
    1,
    { kind: 'unchanged', exitCode: 4, sentence: expect.stringContaining('nothing was changed') },
  ],
  [
    'a session that ends meanwhile leaves CloudFormation at work',
    { ...settled, error: 'ExpiredToken' },
    1,
    {
      kind: 'unknown',
      exitCode: 6,
      sentence:
        'credentials: got expired ones, expected valid ones; sign in again: no\n' +
        'stack shop: CloudFormation may go on; npm run release -- status --watch',
    },
  ],
])('%s', async (_, after, code, outcome) => {
  const { end, hasRun } = await deployed({ after, code });
  expect(hasRun).toBe(true);
  expect(end).toMatchObject({ command: expect.stringMatching(/^npx cdk deploy shop /), outcome });
});

test('the state that the step has made is what counts, whatever cdk says', async () => {
  const after: Stack = { status: 'UPDATE_COMPLETE', minute: 1, operations: ['UPDATE_COMPLETE'] };
  const { end } = await deployed({ after, code: 0 }, joined);
  expect(end).toMatchObject({ outcome: { kind: 'differs', exitCode: 6 } });
});
