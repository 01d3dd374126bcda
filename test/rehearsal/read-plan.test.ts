import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../lib/rehearsal/command-line';
import { readPlan } from '../../lib/rehearsal/read-plan';
import { type Context, withPrefix } from '../fresh-context';
import { state } from '../settings/context';

const folder = mkdtempSync(join(tmpdir(), 'read-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

function planOf(words: readonly string[], context: Context) {
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ context: { trafficPlane: 'load-balancer' } }));
  writeFileSync(join(folder, 'cdk.context.json'), JSON.stringify(context));
  return readPlan(readCommandLine(words), folder);
}

const stages: Context = {
  ...withPrefix('dev', state),
  // In the middle of a release: where a rehearsal starts is for its steps to say.
  ...withPrefix('prod', { ...state, greenActive: true, greenWeight: 3, trafficPlane: 'lattice' }),
};

test.each([
  ['dev', 'load-balancer'],
  ['prod', 'lattice'],
])('of stage %s, the release is rehearsed on its own plane', (stage, plane) => {
  const plan = planOf(['-c', `stage=${stage}`], stages);
  expect(plan.plane).toBe(plane);
  expect(plan.steps.map(({ name }) => name)).toEqual(['blue only', 'green at 0', '50/50', 'blue at 0', 'green only']);
});

test('without stages the files say what they always said', () => {
  expect(planOf([], state).plane).toBe('load-balancer');
});

test.each<[string, string[], string]>([
  ['no stage', [], 'stage: got none, expected dev or prod, whose state the files have; for example -c stage=dev'],
  [
    'the state of a stage',
    ['-c', 'stage=prod', '-c', 'prod:greenWeight=1'],
    'prod:greenWeight: got "1", expected nothing, since the steps of the release set it; use --ladder or --to',
  ],
])('refuses %s', (_, words, problem) => {
  expect(() => planOf(words, stages)).toThrow(problem);
});
