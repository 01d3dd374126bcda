import { guardedStateIn } from '../../../lib/operate/deployed/guarded-state-in';
import { releaseStateOf } from '../../../lib/release/release-state';
import { flagsOf } from '../../../lib/settings/flags';
import { synthesize } from '../../../lib/stack/synthesize';

const state = { blue: { active: true, weight: 3 }, green: { active: false, weight: 0 } };
const { template } = synthesize({ appName: 'shop', ...flagsOf(state) });
const [[guardId = '', guard] = []] = Object.entries(template.Resources ?? {}).filter(
  ([, { Type }]) => Type === 'Custom::ReleaseGuard',
);
const withResources = (resources: object) => JSON.stringify({ Resources: { ...template.Resources, ...resources } });

test('the state in a template of the app', () => {
  const found = guardedStateIn(JSON.stringify(template));
  expect(found).toMatchObject({ wayIn: { plane: 'app-mesh' }, slots: { blue: { label: 'blue', weight: 3 } } });
  expect(releaseStateOf(found as Exclude<typeof found, string>)).toEqual(state);
});

test.each<[string, string, RegExp]>([
  [
    'YAML',
    'Resources:\n  Guard: {}\n',
    /^got a template that is not written in JSON, expected one of this app; look at its name$/,
  ],
  ['no resources', '{}', /^got no release guard, expected one, .*; look at its name, or deploy it with guard=true$/],
  ['no guard', withResources({ [guardId]: { Type: 'AWS::SNS::Topic' } }), /^got no release guard/],
  ['two services', withResources({ Second: guard }), /^got 2 blue\/green services \(shop, shop\), expected one; /],
  [
    'a weight that only the deploy knows',
    JSON.stringify(template).replace('"weight":3', '"weight":{"Ref":"Weight"}'),
    /^weight of blue: got {"Ref":"Weight"}, expected a number in the template$/,
  ],
])('a template from which no state can be told: %s', (_, text, problem) => {
  expect(guardedStateIn(text)).toMatch(problem);
});
