import { openWayIn } from '../../../lib/local/envoy/open-way-in';
import { waysIn } from '../../../lib/local/routes/ways-in';
import { planeNames } from '../../../lib/release/plane-limits';
import { templateOf } from '../../app-template';
import { deployed } from '../routes/deployed';

const both = { blueActive: true, blueWeight: 3, greenActive: true, greenWeight: 0, ingress: 'public' };

test.each(planeNames)('on %s it tells of the weights as they are deployed, by slot, and of no preview', (trafficPlane) => {
  const { ingress, ...internal } = both;
  const flags = { trafficPlane, ...(trafficPlane === 'lattice' ? internal : { ...internal, ingress }) };
  const resources = deployed(templateOf(flags), 'shop');
  const open = waysIn(resources).map((wayIn) => openWayIn(wayIn, '127.0.0.1:40123', new Map()));
  expect(open).toMatchObject([{ stack: 'shop', address: '127.0.0.1:40123', plane: trafficPlane }]);
  const [{ targets = [], splits = [] } = {}] = open;
  const weights = splits.map((split) =>
    Object.fromEntries(split.targets.map(({ target, weight }) => [targets.find(({ name }) => name === target)?.slot, weight])),
  );
  expect(weights).toEqual([{ blue: 3, green: 0 }]);
  const services = resources.filter(({ type }) => type === 'AWS::ECS::Service').map(({ physicalId }) => physicalId);
  for (const target of targets) {
    expect(services).toContain(target.services[0]);
  }
});

test('a target that nothing is behind any more keeps its label', () => {
  const resources = deployed(templateOf({ trafficPlane: 'load-balancer', ...both }));
  const [wayIn] = waysIn(resources.filter(({ type }) => type !== 'AWS::ECS::Service'));
  if (wayIn === undefined) {
    throw new Error('expected a way in');
  }
  const [{ name = '' } = {}] = wayIn.model.targets;
  const labels = (slots: ReadonlyMap<string, string>) => openWayIn(wayIn, '', slots).targets.map(({ slot }) => slot);
  expect(labels(new Map())).toEqual(['', '']);
  expect(labels(new Map([[name, 'blue']]))).toEqual(['blue', '']);
});
