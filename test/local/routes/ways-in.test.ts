import { productionRoute } from '../../../lib/local/routes/traffic-model';
import type { WayIn } from '../../../lib/local/routes/way-in';
import { waysIn } from '../../../lib/local/routes/ways-in';
import { planeNames } from '../../../lib/release/plane-limits';
import { templateOf } from '../../app-template';
import { deployed } from './deployed';

const both = { blueActive: true, greenActive: true, blueWeight: 3, greenWeight: 7 };

function only(found: readonly WayIn[]): WayIn {
  expect(found).toHaveLength(1);
  return found[0] as WayIn;
}

function sharesBySlot({ model }: WayIn): Record<string, number> {
  const slotOf = (name: string) => model.targets.find((target) => target.name === name)?.slot ?? '?';
  return Object.fromEntries(productionRoute(model).targets.map(({ target, weight }) => [slotOf(target), weight]));
}

test.each(planeNames)('%s: the weights, and the service behind each slot', (trafficPlane) => {
  const resources = deployed(templateOf({ ...both, trafficPlane }));
  const wayIn = only(waysIn(resources));
  expect(wayIn.id).toBe(wayIn.owner);
  expect(sharesBySlot(wayIn)).toEqual({ blue: 3, green: 7 });
  const services = resources.filter(({ type }) => type === 'AWS::ECS::Service').map(({ physicalId }) => physicalId);
  for (const { name, slot } of wayIn.model.targets) {
    const behind = wayIn.targets[name]?.services ?? [];
    expect(behind).toEqual([{ service: expect.stringContaining(slot === 'blue' ? 'lue' : 'reen'), port: 8080 }]);
    expect(services).toContain(behind[0]?.service);
  }
});

test.each(planeNames)('%s: every state while it is deployed, and while it is deleted, can be read', (trafficPlane) => {
  const resources = deployed(templateOf({ ...both, trafficPlane }));
  const states = [...resources, undefined].map((_, count) => resources.slice(0, count));
  const firstWithWayIn = states.findIndex((state) => waysIn(state).length > 0);
  expect(firstWithWayIn).toBeGreaterThan(0);
  for (const state of states.slice(firstWithWayIn)) {
    const wayIn = only(waysIn(state));
    if (wayIn.model.routes.length === 0) {
      expect([404, 503]).toContain(wayIn.model.unmatchedStatus);
    }
  }
});
