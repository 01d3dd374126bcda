import { AppMeshClient, DescribeRouteCommand, ListMeshesCommand } from '@aws-sdk/client-app-mesh';
import { DescribeServicesCommand, ECSClient, ListClustersCommand, ListServicesCommand, type Service } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetRuleCommand,
  ListServicesCommand as ListLatticeServicesCommand,
  ListListenersCommand,
  ListRulesCommand,
  VPCLatticeClient,
} from '@aws-sdk/client-vpc-lattice';
import type { Emulator } from '../../lib/local/emulator/emulator';
import type { PlaneName } from '../../lib/release/plane-limits';
import type { Context } from './cdk';

/** Construct path of the blue/green service in its stack. */
export const servicePath = 'App';

/** Weights by the family of the tasks that get them. */
export type Weights = Readonly<Record<string, number>>;

/** What a deploy is expected to touch on one traffic plane, and how its weights are read back. */
export interface PlaneCase {
  readonly plane: PlaneName;

  /** CloudFormation type of the resource that holds the weights, and its construct id in the service. */
  readonly route: { readonly type: string; readonly id: string };

  /** CloudFormation types of what a slot is made of, sorted. */
  readonly slot: readonly string[];

  /**
   * What an app must set in order to live beside another one.
   *
   * @default - nothing but its name
   */
  readonly beside?: (appName: string) => Context;

  /** The weights of an app, from the plane's own API. */
  readonly weights: (emulator: Emulator, appName: string) => Promise<Weights>;
}

export const planeCases: Readonly<Record<PlaneName, PlaneCase>> = {
  'app-mesh': {
    plane: 'app-mesh',
    route: { type: 'AWS::AppMesh::Route', id: 'Route' },
    // A mesh finds tasks by the name of their namespace, which must then be the only one of this name.
    beside: (appName) => ({ namespaceName: `${appName}.local` }),
    slot: [
      'AWS::AppMesh::VirtualNode',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::ECS::Service',
      'AWS::ECS::TaskDefinition',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
    ],
    async weights(emulator, appName) {
      const client = new AppMeshClient(emulator.client);
      const { meshes = [] } = await client.send(new ListMeshesCommand({}));
      for (const { meshName } of meshes) {
        const names = { meshName, virtualRouterName: appName, routeName: appName };
        const answer = await client.send(new DescribeRouteCommand(names)).catch(ignoringNotFound);
        if (answer) {
          const targets = answer.route?.spec?.httpRoute?.action?.weightedTargets ?? [];
          return Object.fromEntries(targets.map(({ virtualNode, weight }) => [virtualNode, weight]));
        }
      }
      return {};
    },
  },
  'load-balancer': {
    plane: 'load-balancer',
    route: { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', id: 'ProductionRule' },
    slot: [
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::ECS::Service',
      'AWS::ECS::TaskDefinition',
      'AWS::ElasticLoadBalancingV2::ListenerRule',
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      'AWS::IAM::Role',
    ],
    async weights(emulator, appName) {
      const client = new ElasticLoadBalancingV2Client(emulator.client);
      const names = await servicesByTargetGroup(emulator, appName, ({ loadBalancers = [] }) =>
        loadBalancers.map(({ targetGroupArn }) => targetGroupArn),
      );
      const { LoadBalancers = [] } = await client.send(new DescribeLoadBalancersCommand({}));
      for (const { LoadBalancerArn } of LoadBalancers) {
        const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
        for (const { ListenerArn } of Listeners) {
          const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn }));
          const production = Rules.find(({ Conditions = [] }) => Conditions.some(({ Field }) => Field === 'path-pattern'));
          const targets = production?.Actions?.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []) ?? [];
          const weights = targets.map(({ TargetGroupArn = '', Weight }) => [names.get(TargetGroupArn), Weight]);
          if (weights.some(([name]) => name)) {
            return Object.fromEntries(weights);
          }
        }
      }
      return {};
    },
  },
  lattice: {
    plane: 'lattice',
    route: { type: 'AWS::VpcLattice::Rule', id: 'LatticeRule' },
    slot: [
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::ECS::Service',
      'AWS::ECS::TaskDefinition',
      'AWS::IAM::Role',
      'AWS::IAM::Role',
      'AWS::VpcLattice::Rule',
      'AWS::VpcLattice::TargetGroup',
    ],
    async weights(emulator, appName) {
      const client = new VPCLatticeClient(emulator.client);
      const names = await servicesByTargetGroup(emulator, appName, ({ deployments = [] }) =>
        deployments.flatMap(({ vpcLatticeConfigurations = [] }) =>
          vpcLatticeConfigurations.map(({ targetGroupArn }) => targetGroupArn),
        ),
      );
      const nameOf = (target = '') => [...names].find(([arn]) => arn.endsWith(target))?.[1];
      const { items: services = [] } = await client.send(new ListLatticeServicesCommand({}));
      for (const { id: serviceIdentifier } of services) {
        const { items: listeners = [] } = await client.send(new ListListenersCommand({ serviceIdentifier }));
        for (const { id: listenerIdentifier } of listeners) {
          const { items: rules = [] } = await client.send(new ListRulesCommand({ serviceIdentifier, listenerIdentifier }));
          const details = await Promise.all(
            rules.map(({ id: ruleIdentifier }) =>
              client.send(new GetRuleCommand({ serviceIdentifier, listenerIdentifier, ruleIdentifier })),
            ),
          );
          const production = details.find(({ match }) => match?.httpMatch?.headerMatches === undefined);
          const targets =
            production?.action && 'forward' in production.action ? (production.action.forward?.targetGroups ?? []) : [];
          const weights = targets.map(({ targetGroupIdentifier, weight }) => [nameOf(targetGroupIdentifier), weight]);
          if (weights.some(([name]) => name)) {
            return Object.fromEntries(weights);
          }
        }
      }
      return {};
    },
  },
};

/** The ECS services of an app's slots. */
export async function slotServices(emulator: Emulator, appName: string): Promise<Service[]> {
  const client = new ECSClient(emulator.client);
  const { clusterArns = [] } = await client.send(new ListClustersCommand({}));
  const found = await Promise.all(
    clusterArns.map(async (cluster) => {
      const { serviceArns: services = [] } = await client.send(new ListServicesCommand({ cluster }));
      return services.length === 0
        ? []
        : ((await client.send(new DescribeServicesCommand({ cluster, services }))).services ?? []);
    }),
  );
  return found.flat().filter((service) => new RegExp(`^${appName}-[a-z]+$`).test(familyOf(service)));
}

/** By what a slot's ECS service is known: its own name is made up by CloudFormation. */
export function familyOf({ taskDefinition = '' }: Service): string {
  return /task-definition\/([^:]+):/.exec(taskDefinition)?.[1] ?? '';
}

async function servicesByTargetGroup(
  emulator: Emulator,
  appName: string,
  targetGroups: (service: Service) => (string | undefined)[],
): Promise<Map<string, string>> {
  const services = await slotServices(emulator, appName);
  return new Map(services.flatMap((service) => targetGroups(service).map((arn) => [arn ?? '', familyOf(service)] as const)));
}

function ignoringNotFound(error: Error): undefined {
  if (error.name !== 'NotFoundException') {
    throw error;
  }
}
