import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Emulator } from '../../lib/local/emulator/emulator';
import { CdkCommandLine, findCdk } from '../../lib/rehearsal/run/cdk-command-line';
import { freshContext } from '../fresh-context';

const project = resolve(__dirname, '..', '..');
const { blueActive, blueWeight, greenActive, greenWeight } = freshContext;
const context = { trafficPlane: 'load-balancer', blueActive, blueWeight, greenActive, greenWeight } as Record<string, string>;
const contents = () => [readdirSync(project).sort(), readFileSync(join(project, 'cdk.context.json'), 'utf8')];

let emulator: Emulator;
let cdk: CdkCommandLine;
let stop: AbortController;

beforeAll(async () => {
  emulator = await Emulator.start();
});
afterAll(() => emulator.stop());
beforeEach(() => {
  stop = new AbortController();
  cdk = new CdkCommandLine({ project, aws: { ...emulator.environment, ...emulator.loopbackOnly }, signal: stop.signal });
});
afterEach(() => cdk.end());

test('bootstraps and deploys, asks no other machine, and writes nothing into the project', async () => {
  const before = contents();
  expect(await cdk.bootstrap(`aws://${emulator.account}/${emulator.region}`, context)).toMatchObject({ problem: undefined });
  expect(await cdk.deploy(context)).toEqual({ problem: undefined, seconds: expect.any(Number) });
  expect((await emulator.resources()).map(({ type }) => type)).toContain('AWS::ECS::Service');

  await emulator.intervene({
    effect: 'fail',
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    verb: 'update',
    reason: 'no luck',
  });
  const { problem } = await cdk.deploy({ ...context, greenActive: 'true', greenWeight: '1' });
  await emulator.release();
  expect(problem).toMatch(/^DeploymentError: .* failed: .*AWS::ElasticLoadBalancingV2::ListenerRule.* no luck/);
  expect(problem).not.toContain(project);

  expect(contents()).toEqual(before);
  expect(emulator.refusedConnections).toBe('');
});

test('tells what the app says when it cannot be synthesized', async () => {
  const { problem } = await cdk.deploy({ ...context, greenWeight: 'x' });
  expect(problem).toMatch(/^greenWeight: got "x", expected a whole number from 0 to /);
});

test('ends at the signal, and leaves nothing', async () => {
  // Those of this checkout.
  const folders = () =>
    readdirSync(tmpdir())
      .filter((name) => name.startsWith('rehearsal-cdk-'))
      .filter((name) => readlinkSync(join(tmpdir(), name, 'lib')) === join(project, 'lib'));
  const before = folders();
  const ended = new CdkCommandLine({ project, aws: emulator.environment, signal: stop.signal });
  expect(folders()).toHaveLength(before.length + 1);
  const deploy = ended.deploy(context);
  stop.abort(new Error('the user wants to go home'));
  await expect(deploy).rejects.toThrow('the user wants to go home');
  ended.end();
  expect(folders()).toEqual(before);
});

test('a project without the command line is told what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  expect(() => findCdk(folder)).toThrow(
    `aws-cdk: got no such package in ${folder}, expected the cdk command line, which deploys; install it with npm ci`,
  );
  rmSync(folder, { recursive: true });
  expect(existsSync(findCdk(project))).toBe(true);
});
