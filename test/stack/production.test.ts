import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { planeNames } from '../../lib/release/plane-limits';
import { release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { readSettings } from '../../lib/settings/read-settings';
import { BlueGreenStack } from '../../lib/stack/blue-green-stack';
import { stackNameOf } from '../../lib/stack/stack-name';
import { type Context, freshContext, resourcesOf, type TemplateJson } from '../app-template';
import { productionExamples, stages } from '../production-examples';
import { scan } from '../scan';
import { lookUps } from './look-ups';

const outdir = mkdtempSync(join(tmpdir(), 'production-'));
const env = { account: '123456789012', region: 'eu-central-1' };
const { blueActive, blueWeight, greenActive, greenWeight, ...common } = freshContext;

beforeAll(() => {
  delete process.env.CDK_VALIDATION;
});

afterAll(() => rmSync(outdir, { recursive: true }));

function appOf(files: Context, flags: Context) {
  const look = Object.assign({}, ...stages.map((stage) => lookUps(`${files[`${stage}:vpcId`]}`, { place: env })));
  const context = { ...files, ...look, ...flags, '@aws-cdk/core:validateAgainstDefaultRules': true };
  const app = new App({ outdir, context });
  const settings = readSettings(app.node.getAllContext(), { files });
  new BlueGreenStack(app, stackNameOf(settings), { settings, env });
  return { app, settings };
}

const cases = productionExamples().flatMap(({ plane, settings, state }) =>
  stages.flatMap((stage) =>
    release().map((step) => ({
      plane,
      stage,
      step: step.name,
      files: { ...common, ...settings, ...state },
      flags: flagsOf(step.state),
    })),
  ),
);

test('there is an example for each plane that AWS runs', () => {
  expect(productionExamples().map(({ plane }) => plane)).toEqual(planeNames.filter((plane) => plane !== 'app-mesh'));
});

test.each(cases)('$plane, $stage, $step: nothing to find fault with, and nothing to remark', ({ stage, files, flags }) => {
  const { app, settings } = appOf(files, { stage, ...flags });
  expect(settings.notices).toEqual([]);
  expect(scan(app)).toEqual([]);
});

test.each(cases.filter(({ step }) => step === '50/50'))('$plane, $stage: what the example is there for', (example) => {
  const { files, stage } = example;
  const { app, settings } = appOf(files, { stage, ...example.flags });
  scan(app);
  const template: TemplateJson = app.synth().getStackByName(stackNameOf(settings)).template;
  const of = (type: string) => resourcesOf(template, type).map(([, { Properties }]) => Properties);
  expect([...of('AWS::EC2::VPC'), ...of('AWS::ECS::Cluster')]).toEqual([]);
  expect(of('AWS::Route53::RecordSet')).toHaveLength(1);
  expect(of('AWS::ApplicationAutoScaling::ScalableTarget')).toHaveLength(2);
  for (const { DesiredCount } of of('AWS::ECS::Service')) {
    expect(DesiredCount).toBeUndefined();
  }
  for (const { ContainerDefinitions } of of('AWS::ECS::TaskDefinition')) {
    expect(ContainerDefinitions[0].Secrets).toHaveLength(2);
  }
  const told = of('AWS::CloudWatch::Alarm').map(({ AlarmActions }) => AlarmActions);
  expect(told.every((actions) => (stage === 'prod') === Array.isArray(actions))).toBe(true);
  expect(told.length).toBeGreaterThan(4);
});
