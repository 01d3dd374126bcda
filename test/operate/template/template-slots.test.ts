import { pathOf, type StackTemplate } from '../../../lib/operate/template/stack-template';
import { referencesIn } from '../../../lib/operate/template/template-references';
import { templateRoute, templateSlots } from '../../../lib/operate/template/template-slots';
import { planeNames } from '../../../lib/release/plane-limits';
import { ladderTemplates, rich, templateOf } from '../step-templates';

describe.each(planeNames)('a template of %s', (plane) => {
  it('has its slots, each with its service and with what its requests are sent to', () => {
    const template = templateOf(plane, { blue: { active: true, weight: 3 }, green: { active: true, weight: 0 } }, rich[plane]);
    const called = (id: string) => pathOf(id, template.Resources?.[id]).replace(/[^/]+-(?=LatticeTargetGroup)/, '');
    const targets = { 'app-mesh': 'VirtualNode', 'load-balancer': 'TargetGroup', lattice: 'LatticeTargetGroup' };
    const slots = Object.entries(templateSlots(template)).map(([slot, { service, target }]) => [
      slot,
      called(service),
      called(target),
    ]);
    expect(slots).toEqual([
      ['blue', 'App/Blue/Service/Service', `App/Blue/${targets[plane]}`],
      ['green', 'App/Green/Service/Service', `App/Green/${targets[plane]}`],
    ]);
  });

  it('has one route, which is never that of a preview, with the weights of the step', () => {
    const weights = ladderTemplates(plane, rich[plane]).map(({ template }) => templateRoute(template)?.weights);
    expect(weights).toEqual([
      { blue: 1 },
      { blue: 1, green: 0 },
      { blue: 19, green: 1 },
      { blue: 3, green: 1 },
      { blue: 1, green: 1 },
      { blue: 0, green: 1 },
      { green: 1 },
    ]);
  });
});

it('a template without a service has neither', () => {
  const template: StackTemplate = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
  expect([templateSlots(template), templateRoute(template)]).toEqual([{}, undefined]);
  expect(templateSlots({})).toEqual({});
});

it.each<[unknown, readonly string[]]>([
  [{ Ref: 'A' }, ['A']],
  [{ 'Fn::GetAtt': ['A', 'Arn'] }, ['A']],
  [{ 'Fn::GetAtt': 'A.Endpoint.Port' }, ['A']],
  [
    [{ x: [{ y: { Ref: 'A' } }] }, { 'Fn::Join': ['', ['b', { Ref: 'B' }]] }],
    ['A', 'B'],
  ],
  [{ 'Fn::Sub': `arn:\${AWS::Partition}:\${A}/\${B.Name}/\${!C}` }, ['AWS::Partition', 'A', 'B']],
  [{ 'Fn::Sub': [`\${A} \${B}`, { A: { Ref: 'C' } }] }, ['B', 'C']],
  ['Ref', []],
  [null, []],
])('%j refers to %j', (part, ids) => {
  expect([...referencesIn(part)].sort()).toEqual([...ids].sort());
});

it.each([
  ['stack/App/Blue/Service/Resource', 'App/Blue/Service'],
  ['stack/App/Bucket/Default', 'App/Bucket'],
  ['stack/App/Resource/Rule', 'App/Resource/Rule'],
  ['stack', 'Id1234'],
  [undefined, 'Id1234'],
])('the construct of %s is called %s', (path, name) => {
  expect(pathOf('Id1234', { Type: 'T', Metadata: path === undefined ? {} : { 'aws:cdk:path': path } })).toBe(name);
});
