import { templateChange } from '../../../../bin/docs/changes/template-change';

const network = (vpc: string) => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock: vpc } });
const group = (Config: object) => ({ Type: 'AWS::VpcLattice::TargetGroup', Properties: { Type: 'IP', Config } });
const change = (before: object, after: object) => {
  const { created, deleted, replaced, updated } = templateChange({ Resources: before as never }, { Resources: after as never });
  return { created, deleted, replaced: Object.fromEntries(replaced), updated: Object.fromEntries(updated) };
};
const nothing = { created: [], deleted: [], replaced: {}, updated: {} };

test.each<[string, object, object, object]>([
  ['the same', { A: group({ Port: 1 }) }, { A: group({ Port: 1 }) }, nothing],
  ['one more', {}, { A: group({ Port: 1 }) }, { ...nothing, created: ['A'] }],
  ['one less', { A: group({ Port: 1 }) }, {}, { ...nothing, deleted: ['A'] }],
  [
    'a create-only property',
    { A: network('10.0.0.0/16') },
    { A: network('10.1.0.0/16') },
    { ...nothing, replaced: { A: ['CidrBlock'] } },
  ],
  [
    'a create-only property inside of another one',
    { A: group({ Port: 1 }) },
    { A: group({ Port: 2 }) },
    { ...nothing, replaced: { A: ['Config.Port'] } },
  ],
  [
    'a property inside of another one, which may change',
    { A: group({ Port: 1, HealthCheck: { Path: '/a' } }) },
    { A: group({ Port: 1, HealthCheck: { Path: '/b' } }) },
    { ...nothing, updated: { A: ['Config'] } },
  ],
  [
    'what refers to one that is replaced, and what refers to that',
    {
      Vpc: network('10.0.0.0/16'),
      Group: group({ VpcIdentifier: { Ref: 'Vpc' } }),
      Rule: { Type: 'AWS::VpcLattice::Rule', Properties: { Action: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
    },
    {
      Vpc: network('10.1.0.0/16'),
      Group: group({ VpcIdentifier: { Ref: 'Vpc' } }),
      Rule: { Type: 'AWS::VpcLattice::Rule', Properties: { Action: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
    },
    { ...nothing, replaced: { Vpc: ['CidrBlock'], Group: ['Config.VpcIdentifier'] }, updated: { Rule: ['Action'] } },
  ],
  [
    'a property that goes away',
    { A: { Type: 'AWS::ECS::Service', Properties: { LoadBalancers: [1] } } },
    { A: { Type: 'AWS::ECS::Service' } },
    { ...nothing, updated: { A: ['LoadBalancers'] } },
  ],
  ['another type', { A: network('10.0.0.0/16') }, { A: group({}) }, { ...nothing, replaced: { A: ['Type'] } }],
  [
    'a type without a schema',
    { A: { Type: 'Custom::Thing', Properties: { A: 1 } } },
    { A: { Type: 'Custom::Thing', Properties: { A: 2 } } },
    { ...nothing, updated: { A: ['A'] } },
  ],
])('%s', (_, before, after, expected) => {
  expect(change(before, after)).toEqual(expected);
});
