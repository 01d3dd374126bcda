import { AppMeshClient, UpdateRouteCommand } from '@aws-sdk/client-app-mesh';
import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { UpdateRuleCommand, VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import type { Emulator } from '../../lib/local/emulator/emulator';
import { idsIn } from '../../lib/operate/live/ids-in';
import type { PlaneName } from '../../lib/release/plane-limits';

/** Weights by the ARNs of their targets. */
export type TargetWeights = Readonly<Record<string, number>>;

const lastOf = (arn: string) => arn.split('/').at(-1) as string;

/** Changes weights with the API of a traffic plane itself, behind the back of the stack. */
export const changeWeights: Readonly<
  Record<PlaneName, (client: Emulator['client'], route: string, weights: TargetWeights) => Promise<unknown>>
> = {
  'load-balancer': (client, RuleArn, weights) => {
    const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
    return new ElasticLoadBalancingV2Client(client).send(
      new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }),
    );
  },

  lattice: (client, route, weights) => {
    const targetGroups = Object.entries(weights).map(([arn, weight]) => ({ targetGroupIdentifier: lastOf(arn), weight }));
    return new VPCLatticeClient(client).send(
      new UpdateRuleCommand({
        serviceIdentifier: idsIn(route).get('service'),
        listenerIdentifier: idsIn(route).get('listener'),
        ruleIdentifier: idsIn(route).get('rule'),
        action: { forward: { targetGroups } },
      }),
    );
  },

  'app-mesh': (client, route, weights) => {
    const weightedTargets = Object.entries(weights).map(([arn, weight]) => ({ virtualNode: lastOf(arn), weight }));
    return new AppMeshClient(client).send(
      new UpdateRouteCommand({
        meshName: idsIn(route).get('mesh'),
        virtualRouterName: idsIn(route).get('virtualRouter'),
        routeName: idsIn(route).get('route'),
        spec: { priority: 1000, httpRoute: { match: { prefix: '/' }, action: { weightedTargets } } },
      }),
    );
  },
};
