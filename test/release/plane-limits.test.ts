import { ingressNames, type PlaneName, planeLimits, planeNames } from '../../lib/release/plane-limits';

const each = <T>(read: (plane: PlaneName) => T) => Object.fromEntries(planeNames.map((plane) => [plane, read(plane)]));

test('two slots with the highest weight fit on every plane but App Mesh, which bounds their sum', () => {
  expect(each((plane) => planeLimits[plane].maxWeightSum / planeLimits[plane].maxWeight)).toEqual({
    'app-mesh': 1,
    'load-balancer': 2,
    lattice: 2,
  });
});

test('only a plane with sidecars keeps ports for itself', () => {
  expect(each((plane) => planeLimits[plane].reservedPorts)).toEqual({
    'app-mesh': [2000, 9901, 15000, 15001],
    'load-balancer': [],
    lattice: [],
  });
  expect(planeNames.filter((plane) => planeLimits[plane].sidecars)).toEqual(['app-mesh']);
});

test('the ways in: Lattice has no public one, and a load balancer is one', () => {
  expect(
    each((plane) => ingressNames.filter((name) => !(planeLimits[plane].ingress as readonly string[]).includes(name))),
  ).toEqual({
    'app-mesh': [],
    'load-balancer': ['none'],
    lattice: ['public'],
  });
});
