import { failedCheck } from '../../../lib/local/ecs/failed-check';

const ofBalancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/1';
const ofLattice = 'arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1';

test.each([
  [[], 'Task failed mesh health checks'],
  [[ofBalancer], `Task failed ELB health checks in (target-group ${ofBalancer})`],
  [[ofLattice], `Task failed VPC Lattice health checks in (target-group ${ofLattice})`],
  [[ofBalancer, `${ofBalancer}2`], 'Task failed ELB health checks'],
  [[ofBalancer, ofLattice], 'Task failed health checks'],
])('a task in the target groups %j that is unhealthy', (groups, words) => {
  expect(failedCheck(groups)).toBe(words);
});
