import { DescribeServicesCommand, type Service } from '@aws-sdk/client-ecs';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { OperateError } from '../operate-error';
import { unlessGone } from './gone';
import type { LiveSlot, LiveState } from './live-state';
import type { LiveWeight, PlaneReading } from './plane-reading';
import { routeOf, type SlotResources, slotResources } from './slot-resources';

/** What answers now, asked of the traffic plane and of ECS, and not of the template. */
export async function readLiveState(clients: AwsClients, stack: DeployedStack): Promise<LiveState> {
  const reading = readingOf(stack.state.wayIn.plane);
  const route = routeOf(stack);
  const resources = slotResources(stack);
  const [weights, services, ...healthy] = await Promise.all([
    route === undefined ? [] : unlessGone(reading.weights(clients, route), []),
    unlessGone(servicesOf(clients, resources), []),
    ...resources.map(({ target }) => reading.healthyTargets && unlessGone(reading.healthyTargets(clients, target), 0)),
  ]);
  return Object.fromEntries(
    resources.flatMap(({ name, service, target }, index) => {
      const found = services.find(({ serviceArn, status }) => serviceArn === service && status !== 'INACTIVE');
      return found ? [[name, liveSlot(found, weightOf(target, weights), healthy[index])]] : [];
    }),
  );
}

/** What is live of one slot. */
export function liveSlot(
  { desiredCount = 0, runningCount = 0, pendingCount = 0, deployments = [], createdAt = new Date(0) }: Service,
  weight: number | undefined,
  healthyTargets: number | undefined,
): LiveSlot {
  return {
    weight,
    tasks: { desired: desiredCount, running: runningCount, pending: pendingCount },
    healthyTargets,
    rollingOut: deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS'),
    createdAt,
    versionAt: deployments.find(({ status }) => status === 'PRIMARY')?.createdAt ?? createdAt,
  };
}

/**
 * The weight of a target; `undefined` when it has none.
 *
 * @param target its ARN; a plane may speak of it by the last part alone
 */
export function weightOf(target: string, weights: readonly LiveWeight[]): number | undefined {
  return weights.find((each) => each.target === target || target.endsWith(`/${each.target}`))?.weight;
}

// Loaded where it is asked for: each comes with a client of the SDK.
const readings: Readonly<Record<string, () => PlaneReading>> = {
  'load-balancer': () => (require('./load-balancer-reading') as typeof import('./load-balancer-reading')).loadBalancerReading,
  lattice: () => (require('./lattice-reading') as typeof import('./lattice-reading')).latticeReading,
  'app-mesh': () => (require('./app-mesh-reading') as typeof import('./app-mesh-reading')).appMeshReading,
};

function readingOf(plane: string): PlaneReading {
  const reading = readings[plane];
  if (reading === undefined) {
    throw new OperateError(`trafficPlane: got ${plane} in the deployed stack, expected ${Object.keys(readings).join(', ')}`);
  }
  return reading();
}

async function servicesOf({ ecs }: AwsClients, slots: readonly SlotResources[]): Promise<readonly Service[]> {
  if (slots.length === 0) {
    return [];
  }
  const services = slots.map(({ service }) => service);
  // All slots are in one cluster, whose name is in their ARNs: arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME.
  const cluster = services[0]?.split('/').at(-2);
  const { services: found = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services }));
  return found;
}
