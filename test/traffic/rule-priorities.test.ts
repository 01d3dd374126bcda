import fc from 'fast-check';
import { rulePositionType } from '../../lib/settings/service-values';
import { lastPriority, RulePriorities, rulePositions } from '../../lib/traffic/rule-priorities';

const part = fc.stringMatching(/^[a-z]{1,3}$/);
const path = fc
  .tuple(fc.array(part, { maxLength: 9 }), fc.boolean())
  .map(([parts, slash]) => (parts.length === 0 ? '/' : `/${parts.join('/')}${slash ? '/' : ''}`));
const services = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), path }), {
  maxLength: 12,
  selector: ({ name }) => name,
});

/** The patterns by which a load balancer finds the requests below a path. */
const matches = (prefix: string, request: string) =>
  prefix.endsWith('/') ? request.startsWith(prefix) : request === prefix || request.startsWith(`${prefix}/`);

/** The first priorities of the services, in the order in which they come; without those that collide. */
function claimed(all: readonly { name: string; path: string }[]): ReadonlyMap<string, number> {
  const priorities = new RulePriorities();
  return new Map(
    all.flatMap(({ name, path }) => {
      try {
        return [[name, priorities.claim(name, path)] as const];
      } catch {
        return [];
      }
    }),
  );
}

test('a service has the same priorities whatever other services there are, and in whatever order', () => {
  fc.assert(
    fc.property(services, fc.infiniteStream(fc.nat()), (all, order) => {
      const whole = claimed(all);
      fc.pre(whole.size === all.length);
      const shuffled = [...all].map((each) => ({ each, at: order.next().value })).sort((a, b) => a.at - b.at);
      const some = claimed(shuffled.filter(({ at }) => at % 3 > 0).map(({ each }) => each));
      expect([...some].filter(([name, priority]) => whole.get(name) !== priority)).toEqual([]);
    }),
  );
});

test('each rule has a priority of its own, that a load balancer takes', () => {
  fc.assert(
    fc.property(services, (all) => {
      const rules = [...claimed(all).values()].flatMap((first) => [first, first + 1, first + 2]);
      expect(new Set(rules).size).toBe(rules.length);
      expect(rules.filter((priority) => priority < 1 || priority >= lastPriority)).toEqual([]);
    }),
  );
});

test('of two paths that match a request, the longer one comes first', () => {
  fc.assert(
    fc.property(path, path, fc.boolean(), (one, tail, joined) => {
      const other = joined ? `${one.replace(/\/$/, '')}${tail}` : tail;
      fc.pre(one !== other && other.split('/').filter((each) => each !== '').length <= 9);
      fc.pre(matches(one, other));
      expect(new RulePriorities().claim('a', other)).toBeLessThan(new RulePriorities().claim('b', one));
    }),
  );
});

test('two services at one position are refused, with a position that is free', () => {
  const priorities = new RulePriorities();
  priorities.claim('shop', '/shop', 832);
  expect(() => priorities.claim('cart', '/cart', 832)).toThrow(
    'rule position of cart: got 832, expected one that shop on the same load balancer does not have; set rulePosition of cart, ' +
      'for example to 0, and leave it at that',
  );
  expect(priorities.claim('cart', '/cart', 0)).toBe(priorities.claim('user', '/user', 1) - 3);
  expect(rulePositions).toBe(833);
});

test('a path that is too deep is refused', () => {
  expect(() => new RulePriorities().claim('shop', `/${'a/'.repeat(9)}b`)).toThrow(
    /^path prefix of shop: got "\/a.*", expected at most 9 parts between slashes, .*; use a shorter pathPrefix$/,
  );
});

test('what the key takes is what there is', () => {
  expect(rulePositionType.parse(rulePositions - 1)).toBe(rulePositions - 1);
  expect(rulePositionType.parse(rulePositions)).toBeUndefined();
});
