import { claimsOf } from '../../bin/docs/changes/claims';
import type { ChangedTemplate } from '../../bin/docs/changes/template-change';
import { planeNames } from '../../lib/release/plane-limits';
import { refusal } from '../../lib/release/refusal';
import { unsafeChanges } from '../../lib/release/transition';
import { appKeys, type Key, keyNames } from '../../lib/settings/keys';
import { keysOfStages, stageKeyName } from '../../lib/settings/stages';
import { settingNames } from '../../lib/stack/setting-names';
import { synthesize } from '../../lib/stack/synthesize';
import { type Context, ofItsStage } from '../fresh-context';
import { base, valuesOf } from './other-values';

const templateOf = (context: Context) => synthesize(ofItsStage(context)).template as ChangedTemplate;

// A metric is named by AWS, and a policy within its role.
const namedElsewhere = ['AWS::CloudWatch::Alarm MetricName', 'AWS::IAM::Policy PolicyName'];

/** The names in a template, and what else only one resource in an account can have: without what stands for a part of its own stack. */
function taken({ Resources }: ChangedTemplate): string[] {
  const refersToOwn = (text: string) =>
    [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].some(([, id = '']) => Object.hasOwn(Resources, id));
  return Object.values(Resources).flatMap((resource) => {
    const { Type, Properties = {} } = resource;
    const claims = claimsOf(resource);
    expect([Type, claims]).toEqual([Type, expect.any(Array)]);
    const names = Object.entries(Properties)
      .filter(([property]) => /(Name|^Family)$/.test(property) && !namedElsewhere.includes(`${Type} ${property}`))
      .map(([property, value]) => `${Type} ${property} ${JSON.stringify(value)}`);
    return [...names, ...(claims ?? [])].filter((text) => !refersToOwn(text));
  });
}

describe.each(planeNames)('on %s', (trafficPlane) => {
  const scaled = { minTasks: 1, maxTasks: 4, scaleAtCpu: 60 };
  const both = { ...base, ...scaled, trafficPlane, previewHeader: 'x-slot', exec: true };
  const ways = valuesOf('ingress', appKeys.ingress as Key<unknown>, trafficPlane);

  test.each(ways.map((ingress) => [ingress]))('two stages have no name in common with ingress %s', (ingress) => {
    const [dev, prod] = ['dev', 'prod'].map((stage) => taken(templateOf({ ...both, ingress, stage })));
    expect(dev).toContain('AWS::ECS::TaskDefinition Family "sample-dev-green"');
    expect(dev?.filter((claim) => prod?.includes(claim))).toEqual([]);
  });

  test('no text has the name of the app or of the namespace without that of the stage', () => {
    const { Outputs, ...template } = templateOf({ ...both, stage: 'dev' }) as any;
    const texts = JSON.stringify([Outputs, template]);
    // Where a name may have no hyphens, the CDK leaves them away, and puts a hash behind it.
    expect(texts.match(/.{20}sample(?!-dev\b|dev).{20}/g)).toBeNull();
    expect(texts.match(/.{20}(?<!\bdev\.)svc\.local.{20}/g)).toBeNull();
    expect(Object.values(Outputs).filter((output: any) => output.Export !== undefined)).toEqual([]);
  });

  test('a stage is the app whose name it makes, but for the words of the guard', () => {
    const found = templateOf({ ...both, stage: 'prod', namespaceName: 'local' });
    const app = templateOf({ ...both, appName: 'sample-prod', namespaceName: 'prod.local' });
    const guard = Object.values(found.Resources).find(({ Type }) => Type === 'Custom::ReleaseGuard');
    expect(guard?.Properties?.SettingNames).toEqual(settingNames('prod'));
    (guard as any).Properties.SettingNames = settingNames();
    expect(found).toEqual(app);
  });

  test('the guard speaks of the keys of the stage', () => {
    const stateOf = (flags: Context) =>
      Object.values(templateOf({ ...both, stage: 'prod', ...flags }).Resources).find(
        ({ Type }) => Type === 'Custom::ReleaseGuard',
      )?.Properties?.State as any;
    const [before, after] = [stateOf({}), stateOf({ greenActive: false, blueTaskCpu: 1024, blueTaskMemory: 2048 })];
    const sentences = unsafeChanges(before, after).map((change) => refusal(change, settingNames('prod')));
    expect(sentences).toEqual([
      expect.stringMatching(
        /^prod:greenActive: got false, .*: keep prod:greenActive true and prod:greenWeight 1, or deploy prod:greenWeight 0 first$/,
      ),
      expect.stringMatching(/^prod:blueTaskCpu: got 1024, expected /),
      expect.stringMatching(/^prod:blueTaskMemory: got 2048, expected /),
    ]);
  });
});

test('every name that the guard speaks of a stage is a key of it, or one for all', () => {
  const spoken = Object.values(settingNames('prod')).map((name) => name.replace('{slot}', 'green'));
  const keys = [
    ...keysOfStages.map((key) => stageKeyName('prod', key)),
    ...keyNames.filter((key) => !keysOfStages.includes(key)),
  ];
  expect(spoken.filter((name) => !keys.includes(name))).toEqual([]);
});
