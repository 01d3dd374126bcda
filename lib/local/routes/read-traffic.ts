import type { PlaneName } from '../../release/plane-limits';
import { LocalError } from '../local-error';
import type { Template } from '../template/template';
import { readAppMesh } from './app-mesh';
import { readLattice } from './lattice';
import { readLoadBalancer } from './load-balancer';
import { checkTrafficModel, type TrafficModel } from './traffic-model';

/** For each plane, the type of resource in which the weights stand, and what reads it. */
const readers: Readonly<Record<PlaneName, { readonly type: string; readonly read: (template: Template) => TrafficModel }>> = {
  'app-mesh': { type: 'AWS::AppMesh::Route', read: readAppMesh },
  'load-balancer': { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', read: readLoadBalancer },
  lattice: { type: 'AWS::VpcLattice::Rule', read: readLattice },
};

const notScaled = 'how the number of tasks follows the load is not shown: a slot is one process here, whatever its bounds';

/**
 * How requests reach the slots, as a template says it.
 *
 * @throws LocalError when the template holds something that cannot be mapped, or that AWS would refuse
 */
export function readTraffic(template: Template): TrafficModel {
  const reader = Object.values(readers).find(({ type }) => template.ofType(type).length > 0);
  if (reader === undefined) {
    throw new LocalError(
      `template: got no resource in which weights stand, expected one of ${Object.values(readers)
        .map(({ type }) => type)
        .join(', ')}`,
    );
  }
  const model = reader.read(template);
  checkTrafficModel(model);
  const scales = template.ofType('AWS::ApplicationAutoScaling::ScalableTarget').length > 0;
  return scales ? { ...model, notShown: [...model.notShown, notScaled] } : model;
}
