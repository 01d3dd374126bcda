import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnvoyBinary, findEnvoy } from '../../lib/local/envoy/envoy-binary';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { RunningRehearsal } from '../bin/running-rehearsal';
import { measured } from '../rehearsal/measured';
import { onlySteps, planOf } from '../rehearsal/short-plan';
import { until } from '../until';
import { appCommands, imageOf } from './apps/commands';

let envoy: EnvoyBinary;
const words = ['--deploy', '-c', 'trafficPlane=load-balancer'];

beforeAll(async () => {
  envoy = await findEnvoy();
}, 120_000);
jest.setTimeout(600_000);

test('each step is deployed under load: no request is lost, the split follows, and the report says what the deploy did', async () => {
  const report = await measured(onlySteps(planOf(...words), 'green at 0', '50/50', 'blue at 0', 'green only'), { envoy });
  expect(report.problems).toEqual([]);
  expect(report.remarks).toEqual([]);
  expect(report).toMatchObject({ verdict: 'held', totals: { failed: 0 } });
  const [start, split, shift, end] = report.steps.map(({ deploy }) => deploy);
  expect(start?.created).toBeGreaterThan(20);
  expect(start).toMatchObject({ updated: 0, deleted: 0, replaced: 0, seconds: expect.any(Number) });
  expect(split).toMatchObject({ created: 0, updated: 2, deleted: 0, replaced: 0 });
  expect(shift).toMatchObject({ created: 0, updated: 2, deleted: 0, replaced: 0 });
  expect(end).toMatchObject({ created: 0, updated: 2, deleted: 8, replaced: 0 });
  // Each by the header that is known when its stack is there.
  expect(report.steps[1]?.preview).toEqual({ requests: 40, failed: 0, reached: { blue: 20, green: 20 } });
  for (const step of report.steps.slice(1)) {
    expect(step.settleMs).not.toBeNull();
    expect(step.change.requests).toBeGreaterThan(0);
  }
});

test('where a deploy fails the release ends, and blue loses nothing', async () => {
  const report = await rehearse(onlySteps(planOf(...words, '--green', 'exit 3'), 'blue only', 'green at 0', '50/50'), { envoy });
  expect(report.verdict).toBe('did not hold');
  expect(report.problems).toEqual([expect.stringMatching(/^green at 0: its deploy failed, and the release ended there: /)]);
  expect(report.steps.map(({ name, failed, change }) => [name, failed, change.failed])).toEqual([
    ['blue only', 0, 0],
    ['green at 0', 0, 0],
  ]);
  expect(report.steps[1]?.observed.blue).toBe(report.steps[1]?.requests);
});

test('tasks that die are told, and requests that found none failed, however busy the machine was', async () => {
  const blue = appCommands.get(imageOf('fragile')) ?? '';
  const plan = planOf(...words, '-c', 'healthcheckPath=/health', '--blue', blue);
  const report = await rehearse({ ...onlySteps(plan, 'blue only'), rate: 100 }, { envoy });
  expect(report.verdict).toBe('did not hold');
  expect(report.steps[0]?.failures).toContainEqual(
    expect.objectContaining({ slot: 'blue', reason: 'status 503, no healthy instance', late: false, meant: false }),
  );
  expect(report.remarks).toEqual([
    expect.stringMatching(/^blue only: (a task|\d+ tasks) of service \S*blue\S* failed: Essential container in task exited/),
  ]);
});

test('what only an account has is not there to be deployed beside', async () => {
  const listener = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2';
  const beside = ['vpcId=vpc-0123456789abcdef0', 'pathPrefix=/shop', `listenerArn=${listener}`].flatMap((key) => ['-c', key]);
  await expect(rehearse(planOf(...words, ...beside), { envoy })).rejects.toThrow(
    /^cdk deploy: got a failure before the first request, expected none; leave out keys for what only your account has, /,
  );
});

test.each(['SIGINT', 'SIGKILL'] as const)('%s in the middle of a deploy leaves nothing', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  const run = new RunningRehearsal(folder, words);
  try {
    await run.says('step 0');
    await until(async () => (await run.processes()).some(({ command }) => /aws-cdk\/bin\/cdk deploy /.test(command)));
    const commands = (await run.processes()).map(({ command }) => command).join('\n');
    expect(commands).toMatch(/python.* -m extension /);
    const toldAt = performance.now();
    run.child.kill(signal);
    expect(await run.ended).toEqual(signal === 'SIGKILL' ? [null, signal] : [130, null]);
    await run.nothingIsLeft();
    expect(performance.now() - toldAt).toBeLessThan(20_000);
  } finally {
    run.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
