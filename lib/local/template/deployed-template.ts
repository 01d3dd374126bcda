import { createHash } from 'node:crypto';
import type { DeployedResource } from '../emulator/follower';
import { Template } from './template';

/**
 * Resources of all stacks as one template. A resource and the one that replaces it may both be there: each has a name of its own, which stays
 * the same as long as the resource does.
 */
export function deployedTemplate(resources: readonly DeployedResource[]): Template {
  const named = resources.map((resource) => [nameOf(resource), resource] as const);
  return new Template(
    {
      Resources: Object.fromEntries(named.map(([name, { type, properties }]) => [name, { Type: type, Properties: properties }])),
    },
    new Map(named.map(([name, { physicalId }]) => [name, physicalId])),
  );
}

// Of letters that Envoy takes in the name of a cluster.
function nameOf({ type, logicalId, physicalId }: DeployedResource): string {
  return `${logicalId}-${createHash('sha256').update(`${type} ${physicalId}`).digest('hex').slice(0, 8)}`;
}
