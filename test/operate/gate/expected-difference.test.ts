import { checkDifference, type Difference } from '../../../lib/operate/gate/expected-difference';
import type { StepKind } from '../../../lib/operate/gate/step-kind';

const none: Difference = { created: [], changed: [], deleted: [], replaced: [] };
const route = 'AWS::VpcLattice::Rule App/LatticeRule';
const guard = 'Custom::ReleaseGuard App/Guard';
const ofGreen = ['AWS::ECS::Service App/Green/Service', 'AWS::VpcLattice::Rule App/Green/LatticeAssociationRule'];
const weights: StepKind = { kind: 'weights' };
const joins: StepKind = { kind: 'joins', slot: 'green' };
const leaves: StepKind = { kind: 'leaves', slot: 'green' };

test.each<[string, StepKind, Partial<Difference>, string]>([
  [
    'weights change the route and the guard',
    weights,
    { changed: [route, guard] },
    'difference: changes route, and nothing besides',
  ],
  [
    'a slot joins',
    joins,
    { created: ofGreen, changed: [route, guard, 'AWS::CloudWatch::Dashboard Dashboard'] },
    'difference: creates 2, changes route, 1 more, and nothing besides',
  ],
  [
    'a slot leaves',
    leaves,
    { deleted: ofGreen, changed: [route, guard] },
    'difference: changes route, deletes 2, and nothing besides',
  ],
  ['nothing changes', weights, {}, 'difference: none, and nothing besides'],
])('%s: as it should', (_, kind, difference, sentence) => {
  expect(checkDifference({ ...none, ...difference }, kind)).toEqual({ name: 'difference', verdict: 'pass', sentence });
});

const task = 'AWS::ECS::TaskDefinition App/Blue/TaskDefinition';

test.each<[string, StepKind, Partial<Difference>, string]>([
  [
    'another version of a slot along with the weights',
    weights,
    { changed: [route, guard, 'AWS::ECS::Service App/Blue/Service'], replaced: [task] },
    `replace ${task} and 1 more; it must only change the route. Deploy that first`,
  ],
  [
    'a slot along with the weights',
    weights,
    { created: ofGreen, changed: [route, guard] },
    `create ${ofGreen[0]} and 1 more; it must only change the route. Deploy that first`,
  ],
  [
    'the rule by which a slot is seen before it has weight',
    weights,
    { changed: [route, ofGreen[1] ?? ''] },
    `change ${ofGreen[1]}; it must only change the route. Deploy that first`,
  ],
  [
    'a dashboard of other weights',
    weights,
    { changed: ['AWS::CloudWatch::Dashboard Dashboard'] },
    'change AWS::CloudWatch::Dashboard Dashboard; it must only change the route. Deploy that first',
  ],
  [
    'something of the other slot, while one joins',
    joins,
    { created: ofGreen, changed: ['AWS::ECS::Service App/Blue/Service'] },
    'change AWS::ECS::Service App/Blue/Service; it must only make green. Deploy that first',
  ],
  [
    'something of the service, while a slot leaves',
    leaves,
    { deleted: [...ofGreen, 'AWS::EC2::SecurityGroup App/SecurityGroup'] },
    'delete AWS::EC2::SecurityGroup App/SecurityGroup; it must only take green away. Deploy that first',
  ],
])('%s: not in this step', (_, kind, difference, sentence) => {
  expect(checkDifference({ ...none, ...difference }, kind)).toEqual({
    name: 'difference',
    verdict: 'fail',
    sentence: `this step would ${sentence}`,
  });
});
