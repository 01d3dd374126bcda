import type { DeployedResource } from '../emulator/follower';
import { LocalError } from '../local-error';
import { deployedTemplate } from '../template/deployed-template';
import { meshWaysIn } from './app-mesh-ways-in';
import { deployedServices } from './deployed-services';
import { latticeWaysIn } from './lattice-ways-in';
import { loadBalancerWaysIn } from './load-balancer-ways-in';
import { weightProblems } from './traffic-model';
import type { Deployed, WayIn } from './way-in';

/**
 * All ways in that some resources make, those of all stacks together. A load balancer, or a service, that leads nowhere yet is one too:
 * it answers every request with 503.
 *
 * @param ofStack name of the stack whose ways in are read; without one those of all stacks
 * @throws LocalError when something cannot be mapped, or would be refused by AWS
 */
export function waysIn(resources: readonly DeployedResource[], ofStack?: string): readonly WayIn[] {
  const byId = new Map(resources.map((resource) => [resource.physicalId, resource]));
  const template = deployedTemplate(resources);
  const deployed: Deployed = {
    template,
    owners: (type) =>
      template.ofType(type).filter((each) => ofStack === undefined || byId.get(template.physicalIdOf(each))?.stack === ofStack),
    services: deployedServices(resources),
    resource: (physicalId) => {
      const resource = byId.get(physicalId);
      if (resource === undefined) {
        throw new Error(`${physicalId}: expected a resource that is there`);
      }
      return resource;
    },
  };
  const found = [...loadBalancerWaysIn(deployed), ...latticeWaysIn(deployed), ...meshWaysIn(deployed)];
  const problems = found.flatMap(({ model }) => weightProblems(model));
  if (problems.length > 0) {
    throw new LocalError([...new Set(problems)]);
  }
  return found;
}
