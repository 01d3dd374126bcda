import { DescribeRulesCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PlaneReading } from './plane-reading';

/** An Application Load Balancer: one rule with weighted target groups. */
export const loadBalancerReading: PlaneReading = {
  async weights({ loadBalancing }, route) {
    const { Rules: [rule] = [] } = await loadBalancing.send(new DescribeRulesCommand({ RuleArns: [route] }));
    return (rule?.Actions ?? []).flatMap(({ ForwardConfig, TargetGroupArn }) => {
      // One group alone may stand there without a weight.
      const groups = ForwardConfig?.TargetGroups ?? (TargetGroupArn ? [{ TargetGroupArn, Weight: 1 }] : []);
      return groups.map(({ TargetGroupArn: target = '', Weight: weight = 1 }) => ({ target, weight }));
    });
  },

  async healthyTargets({ loadBalancing }, TargetGroupArn) {
    const { TargetHealthDescriptions = [] } = await loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length;
  },
};
