import { PropertyReader } from '../template/property-reader';
import type { Resource } from '../template/template';
import { readListener, readRule, readService, readTargetGroup } from './lattice';
import { type Deployed, type WayIn, waysInOfListeners } from './way-in';

const service = 'AWS::VpcLattice';

/**
 * The ways in of all services on VPC Lattice.
 *
 * @throws LocalError on anything that is not mapped
 */
export function latticeWaysIn(deployed: Deployed): readonly WayIn[] {
  const { template } = deployed;
  const under = (type: string, property: string, parentType: string, parent: Resource) =>
    template
      .ofType(`${service}::${type}`)
      .filter(({ properties }) => template.byPhysicalId(`${properties[property]}`, `${service}::${parentType}`) === parent);
  return deployed.owners(`${service}::Service`).flatMap((each) => {
    PropertyReader.read(template, each, readService);
    const listeners = under('Listener', 'ServiceIdentifier', 'Service', each).map((listener) => {
      const { port, unmatchedStatus } = PropertyReader.read(template, listener, readListener);
      const routes = under('Rule', 'ListenerIdentifier', 'Listener', listener)
        .map((rule) => PropertyReader.read(template, rule, (properties) => readRule(properties, rule)))
        .sort((a, b) => a.priority - b.priority)
        .map(({ route }) => route);
      return { id: template.physicalIdOf(listener), port, unmatchedStatus, routes };
    });
    return waysInOfListeners('lattice', each, listeners, deployed, (group, behind) =>
      PropertyReader.read(template, group, (properties) => readTargetGroup(properties, group, behind)),
    );
  });
}
