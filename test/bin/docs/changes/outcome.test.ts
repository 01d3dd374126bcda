import { constructChanges, constructDeploy } from '../../../../bin/docs/changes/construct-deploys';
import { inWords, outcomeOf } from '../../../../bin/docs/changes/outcome';
import type { PlaneName } from '../../../../lib/release/plane-limits';

const capacity = '`capacityProviderStrategies`';

test.each<[string, PlaneName, string]>([
  [capacity, 'load-balancer', 'refused'],
  [`${capacity} of a slot without requests`, 'load-balancer', 'rolls the tasks of `App/SLOT/Service`'],
  [`${capacity} of the gateway`, 'app-mesh', 'rolls the tasks of `Plane/Gateway/Service`'],
  [`${capacity} instead of none`, 'load-balancer', 'refused'],
  [`${capacity} instead of none`, 'app-mesh', 'new stack'],
])('%s on %s: %s', (what, plane, words) => {
  const change = constructChanges.find((each) => each.what === what);
  expect(change && inWords(outcomeOf(constructDeploy(change, plane, false)))).toBe(words);
});
