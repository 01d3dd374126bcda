import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placeOf, stepTemplate } from '../../../lib/operate/declared/step-template';
import type { DeployedStack } from '../../../lib/operate/deployed/deployed-stack';
import type { Sight } from '../../../lib/operate/gate/sight';
import { StepChecks } from '../../../lib/operate/gate/step-checks';
import { planeNames } from '../../../lib/release/plane-limits';
import { type ReleaseState, type ReleaseStep, release } from '../../../lib/release/release';
import { freshContext } from '../../fresh-context';

const id = 'arn:aws:cloudformation:us-east-1:123456789012:stack/sample-blue-green/1';
const [blueOnly, greenAt0, half] = release() as [ReleaseStep, ReleaseStep, ReleaseStep];
const asked = {
  folder: mkdtempSync(path.join(tmpdir(), 'step-checks-')),
  context: {},
  stage: undefined,
  stackName: 'sample-blue-green',
};

// Written anew for each test: what a person changes in the files between two looks.
function declare(settings: Readonly<Record<string, unknown>>): void {
  writeFileSync(path.join(asked.folder, 'cdk.json'), JSON.stringify({ context: { ...freshContext, ...settings } }));
}
afterAll(() => rmSync(asked.folder, { recursive: true }));

function deployed(state: ReleaseState): Sight {
  const template = JSON.stringify(stepTemplate(asked, state, placeOf(id)));
  return { stack: { name: asked.stackName, id, template } as DeployedStack, state } as Sight;
}

test.each(planeNames)('each step of a release on %s changes what it should, by the guard and in every order', async (plane) => {
  declare({ trafficPlane: plane });
  const checks = new StepChecks(asked);
  for (const [before, after] of [
    [blueOnly, greenAt0],
    [greenAt0, half],
  ] as const) {
    const made = await checks.look(after, deployed(before.state));
    expect(made.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['difference', 'pass'],
      ['guard', 'pass'],
      ['orders', 'pass'],
    ]);
  }
});

test('another image of a slot with requests is no part of a step: it is more than the route, the guard refuses it, and no order is safe', async () => {
  declare({ trafficPlane: 'load-balancer' });
  const sight = deployed(greenAt0.state);
  declare({ trafficPlane: 'load-balancer', blueImage: 'example/shop:2' });
  const failed = (await new StepChecks(asked).look(half, sight)).filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(
      /^this step would replace AWS::ECS::TaskDefinition App\/Blue\/TaskDefinition .*it must only change the route/,
    ),
    expect.stringMatching(/^guard: blueImage: got "example\/shop:2"/),
    expect.stringMatching(
      /^an order of the deploy breaks it: began to update AppBlueService before AppProductionRule: blue has weight 1/,
    ),
  ]);
});

test('without a guard nothing is released', async () => {
  declare({ trafficPlane: 'load-balancer' });
  const sight = deployed(greenAt0.state);
  declare({ trafficPlane: 'load-balancer', guard: false });
  await expect(new StepChecks(asked).look(half, sight)).rejects.toThrow(/got no release guard, expected one/);
});
