import { readTraffic } from '../../../lib/local/routes/read-traffic';
import { productionRoute } from '../../../lib/local/routes/traffic-model';
import { onlyService } from '../../../lib/local/template/only-service';
import { Template } from '../../../lib/local/template/template';
import { blueGreenServices } from '../../../lib/local/template/template-slots';
import { planeNames } from '../../../lib/release/plane-limits';
import { ownTemplate } from '../../rehearsal/apps/own-stacks';

const state = { blue: { active: true, weight: 3 }, green: { active: true, weight: 1 } };

describe.each(planeNames)('of several services on %s', (plane) => {
  const template = ownTemplate({ plane, state, services: ['shop', 'cart', 'users'] });

  test('all are found', () => {
    expect(blueGreenServices(new Template(template))).toEqual(['shop', 'cart', 'users']);
  });

  test.each([
    ['shop', '/'],
    ['cart', '/cart'],
  ])('%s is read as if it were alone', (name, prefix) => {
    const part = onlyService(template, name);
    expect(blueGreenServices(new Template(part))).toEqual([name]);
    const model = readTraffic(new Template(part));
    const route = productionRoute(model);
    expect([route.match.prefix, route.targets.map(({ weight }) => weight)]).toEqual([prefix, [3, 1]]);
    expect(model.targets.map(({ slot }) => slot)).toEqual(['blue', 'green']);
  });

  test('what belongs to no service stays, and so does all of a single one', () => {
    const part = Object.keys(onlyService(template, 'shop').Resources ?? {});
    const gone = Object.keys(template.Resources).filter((id) => !part.includes(id));
    expect(gone.filter((id) => !/^Service[12]/.test(id))).toEqual([]);
    const single = ownTemplate({ plane, state });
    expect(onlyService(single, 'shop')).toEqual(single);
  });
});

test('a rule that nobody knows of stays, so that it is not skipped in silence', () => {
  const template = ownTemplate({ plane: 'load-balancer', state, services: ['shop', 'cart'] });
  const type = 'AWS::ElasticLoadBalancingV2::ListenerRule';
  const Foreign = { Type: type, Properties: { Priority: 1, Actions: [{ Type: 'redirect' }] } };
  const part = onlyService({ Resources: { ...template.Resources, Foreign } }, 'shop');
  expect(() => readTraffic(new Template(part))).toThrow(/ListenerRule Foreign/);
});
