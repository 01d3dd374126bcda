import type { AskedService } from '../../lib/operate/asked-service';
import { awsClients } from '../../lib/operate/aws-clients';
import type { DeployedStack } from '../../lib/operate/deployed/deployed-stack';
import { readDeployedStack } from '../../lib/operate/deployed/read-deployed-stack';
import { exitCodes } from '../../lib/operate/exit-codes';
import { rollback } from '../../lib/operate/rollback/rollback';
import { until } from '../until';
import type { Context } from './cdk';
import { Checkout } from './checkout';
import { Requests } from './requests';
import { Stage } from './stage';

const appName = 'between';
const stackName = `${appName}-blue-green`;
const settings = { trafficPlane: 'load-balancer', appName };

const both = (blueWeight: number, greenWeight: number, more: Context = {}): Context => ({
  ...{ blueActive: true, blueWeight, greenActive: true, greenWeight },
  ...more,
});

// What others do while somebody thinks about a rollback, or before it.
let stage: Stage;
let checkout: Checkout;
let requests: Requests;

const deploy = (state: Context, ...more: readonly string[]) => stage.deploy({ ...settings, ...state }, ...more);
const stack = async () => (await readDeployedStack(awsClients(stage.emulator.environment), stackName)) as DeployedStack;
const weights = async () => Object.values((await stack()).state.slots).map((slot) => Number(slot?.weight));

/** A rollback by somebody who does something before each answer, which is yes. */
async function rolledBack(meanwhile: readonly (() => Promise<unknown>)[], words: Partial<AskedService> = {}) {
  const [questions, out, err]: [string[], string[], string[]] = [[], [], []];
  const output = (texts: string[]) => ({ write: (text: string) => texts.push(text) > 0 });
  const terminal = {
    out: output(out),
    err: output(err),
    environment: stage.cdk.environment(),
    requireAnswers: () => {},
    ask: async (question: string) => {
      await meanwhile[questions.length]?.();
      questions.push(question);
      return true;
    },
  };
  const asked = { folder: checkout.folder, context: {}, stage: undefined, stackName, isStackNamed: true, ...words };
  const options = { to: undefined, hasFiles: false };
  const code = await rollback(asked, options, terminal, new AbortController().signal).catch((error) => error);
  return { code, questions, out: out.join(''), err: err.join('') };
}

beforeAll(async () => {
  const state = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };
  checkout = new Checkout(settings, state);
  stage = await Stage.open({
    folder: checkout.folder,
    isSynthesizedHere: true,
    context: { ...settings, ...state },
    minuteSeconds: 1,
  });
  await deploy(state);
  await deploy(both(3, 1));
  requests = new Requests(await stage.url(appName), { rate: 100 });
});

afterAll(async () => {
  await requests?.stop();
  await stage?.close();
  checkout?.remove();
});

test('a deploy while the question is open stays, but for its weights, and there is no second question', async () => {
  const { code, questions, err } = await rolledBack([() => deploy(both(1, 3, { deregistrationDelay: 7 }))]);
  expect({ code, questions }).toEqual({
    code: exitCodes.done,
    questions: [expect.stringMatching(/^blue \(\S+\) is to answer all requests, now\?$/)],
  });
  expect(err).toMatch(/another deploy came in between.*\n.* blue 25 %, green 75 % → blue 100 %, green 0 %\n/);
  expect(await weights()).toEqual([1, 0]);
  expect((await stack()).template).toMatch(/"deregistration_delay.timeout_seconds",\s*"Value":\s*"7"/);
});

test('a deploy that brings the requests back already is not cancelled: its end is waited for', async () => {
  await deploy(both(1, 1, { deregistrationDelay: 7 }));
  const { ServiceAlarmArn = '' } = (await stack()).outputs;
  const triggers = ['--rollback-trigger-alarm-arns', ServiceAlarmArn, '--monitoring-time-minutes', '20'];
  const back = deploy(both(1, 0, { deregistrationDelay: 7 }), ...triggers);
  await until(async () => (await stack()).status === 'UPDATE_IN_PROGRESS' && requests.share('blue', 500) === 1);
  const { code, questions, out } = await rolledBack([]);
  expect({ code, questions }).toEqual({
    code: exitCodes.done,
    questions: [expect.stringContaining('answers everything: wait for the end of that deploy')],
  });
  expect(out).toMatch(/^nothing to roll back: blue answers everything already\n/);
  await back;
  expect((await stack()).status).toBe('UPDATE_COMPLETE');
});

test('an image that was used again in the older slot: which one is old has to be said', async () => {
  await deploy(both(0, 1, { deregistrationDelay: 7 }));
  await deploy(both(0, 1, { deregistrationDelay: 7, blueImage: 'example/shop:3' }));
  const { code, questions } = await rolledBack([]);
  expect(questions).toEqual([]);
  expect(code).toMatchObject({
    exitCode: exitCodes.refused,
    message: expect.stringMatching(
      /^--to: got none, expected blue or green, since blue \(shop:3\) is the older slot, and got its version after green \(\S+\) was made; .* rollback --to green --stack between-blue-green$/,
    ),
  });
  expect(await weights()).toEqual([0, 1]);
});

test('two slots of one deploy: which one is old has to be said', async () => {
  await stage.deploy({ ...settings, appName: 'twins', ...both(1, 1) });
  const { code } = await rolledBack([], { stackName: 'twins-blue-green' });
  expect(code).toMatchObject({
    exitCode: exitCodes.refused,
    message: expect.stringMatching(/ were made by the same deploy; name the one that is to answer everything: /),
  });
});
