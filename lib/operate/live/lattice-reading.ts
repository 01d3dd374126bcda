import { GetRuleCommand, paginateListTargets } from '@aws-sdk/client-vpc-lattice';
import { idsIn } from './ids-in';
import type { PlaneReading } from './plane-reading';

// What a group has whose weight is left out. https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_WeightedTargetGroup.html
const weightByDefault = 100;

/** VPC Lattice: one rule with weighted target groups. */
export const latticeReading: PlaneReading = {
  async weights({ lattice }, route) {
    const ids = idsIn(route);
    const { action } = await lattice.send(
      new GetRuleCommand({
        serviceIdentifier: ids.get('service'),
        listenerIdentifier: ids.get('listener'),
        ruleIdentifier: ids.get('rule'),
      }),
    );
    return (action?.forward?.targetGroups ?? []).map(({ targetGroupIdentifier: target = '', weight = weightByDefault }) => ({
      target,
      weight,
    }));
  },

  async healthyTargets({ lattice: client }, targetGroupIdentifier) {
    let healthy = 0;
    for await (const { items = [] } of paginateListTargets({ client }, { targetGroupIdentifier })) {
      healthy += items.filter(({ status }) => status === 'HEALTHY').length;
    }
    return healthy;
  },
};
