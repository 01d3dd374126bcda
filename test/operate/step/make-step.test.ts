import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placeOf, stepTemplate } from '../../../lib/operate/declared/step-template';
import { OperateError } from '../../../lib/operate/operate-error';
import type { OperateTerminal } from '../../../lib/operate/operate-terminal';
import { makeStep } from '../../../lib/operate/step/make-step';
import { release } from '../../../lib/release/release';
import { served } from '../loopback-server';

const root = path.resolve(__dirname, '..', '..', '..');
const asked = { folder: root, context: {}, stage: undefined, stackName: 'shop-prod' };
const id = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-prod/1';
const [before] = release();
const template = JSON.stringify(stepTemplate(asked, (before as NonNullable<typeof before>).state, placeOf(id)));

const inXml = (action: string, result: string) =>
  `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`;
const gone = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
  <Message>Stack with id shop-prod does not exist</Message></Error></ErrorResponse>`;

const nobodyToAsk = () => {
  throw new OperateError('--yes: got none', 2);
};

/** Makes a step of a stack in a status, or of none; tells how that ended, and how often AWS was asked. */
async function made(status: string | undefined, evidence?: string, folder = root, requireAnswers = () => {}) {
  let calls = 0;
  const answers: Readonly<Record<string, string>> = {
    DescribeStacks: `<Stacks><member><StackName>shop-prod</StackName><StackId>${id}</StackId>
      <CreationTime>2026-11-27T10:00:00Z</CreationTime><StackStatus>${status}</StackStatus></member></Stacks>`,
    GetTemplate: `<TemplateBody>${template.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</TemplateBody>`,
    ListStackResources: '<StackResourceSummaries></StackResourceSummaries>',
  };
  const problem = await served(
    async (request, response) => {
      calls += 1;
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      const action = new URLSearchParams(body).get('Action') ?? '';
      response.setHeader('content-type', 'text/xml');
      response.statusCode = status === undefined ? 400 : 200;
      response.end(status === undefined ? gone : inXml(action, answers[action] ?? ''));
    },
    async (port) => {
      const terminal: OperateTerminal = {
        out: { write: () => true },
        err: { write: () => true },
        environment: {
          AWS_REGION: 'eu-central-1',
          AWS_ACCESS_KEY_ID: 'key',
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        },
        requireAnswers,
        ask: async () => true,
      };
      const options = { to: undefined, timeoutMs: 60_000, bakeMinutes: undefined, minRequests: 100, evidence };
      const choose = () => 'nothing to do';
      return makeStep({ ...asked, folder }, options, choose, terminal, new AbortController().signal).catch((error) => error);
    },
  );
  return { problem, calls };
}

test.each([
  [undefined, 'stack shop-prod: is not there, expected one; first npx cdk deploy'],
  [
    'UPDATE_IN_PROGRESS',
    'stack shop-prod: is UPDATE_IN_PROGRESS, expected a deploy to be over; npm run release -- status --watch',
  ],
  ['UPDATE_ROLLBACK_FAILED', 'stack shop-prod: is UPDATE_ROLLBACK_FAILED; npx cdk rollback shop-prod'],
])('a stack that is %s gets no step', async (status, message) => {
  const { problem } = await made(status);
  expect(problem).toMatchObject({ message, exitCode: 6 });
});

describe('what is wrong here is told before AWS is asked', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'make-step-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('no place for the evidence', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const { problem, calls } = await made('UPDATE_COMPLETE', path.join(folder, 'file', 'evidence'));
    expect(problem).toMatchObject({ message: expect.stringMatching(/^--evidence: got /), exitCode: 2 });
    expect(calls).toBe(0);
  });

  test('nobody to ask', async () => {
    const { problem, calls } = await made('UPDATE_COMPLETE', undefined, root, nobodyToAsk);
    expect(problem).toMatchObject({ message: '--yes: got none', exitCode: 2 });
    expect(calls).toBe(0);
  });

  test('no cdk command line', async () => {
    const { problem, calls } = await made('UPDATE_COMPLETE', undefined, folder);
    expect(problem).toMatchObject({ message: expect.stringMatching(/^aws-cdk: got no such package/), exitCode: 2 });
    expect(calls).toBe(0);
  });
});
