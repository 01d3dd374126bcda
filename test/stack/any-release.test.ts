import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { type TemplateChange, templateChange } from '../../bin/docs/changes/template-change';
import type { PlaneName } from '../../lib/release/plane-limits';
import { slotNames } from '../../lib/release/slots';
import { synthesize } from '../../lib/stack/synthesize';
import { type Context, freshContext, type TemplateJson } from '../app-template';
import { anySettings } from './any-flags';

const templateOf = (context: Context) => synthesize({ ...freshContext, ...context }).template as TemplateJson;

const route: Readonly<Record<PlaneName, RegExp>> = {
  'app-mesh': /^AppRoute[0-9A-F]{8}$/,
  'load-balancer': /^AppProductionRule[0-9A-F]{8}$/,
  lattice: /^AppLatticeRule[0-9A-F]{8}$/,
};

/** What a deploy changes besides the route and the guard that let it through. */
function besides({ trafficPlane }: Context, { updated }: TemplateChange): string[] {
  return [...updated.keys()].filter((id) => !/^AppGuard[0-9A-F]{8}$/.test(id) && !route[trafficPlane as PlaneName].test(id));
}

const weights = fc.tuple(fc.nat(50), fc.nat(50)).filter(([blue, green]) => blue + green > 0);
const both = ([blueWeight, greenWeight]: readonly [number, number]) => ({
  blueActive: true,
  blueWeight,
  greenActive: true,
  greenWeight,
});

test('whatever is set, a change of weights touches the route and the guard, and nothing else', () => {
  fc.assert(
    fc.property(anySettings, weights, weights, (settings, before, after) => {
      const change = templateChange(templateOf({ ...settings, ...both(before) }), templateOf({ ...settings, ...both(after) }));
      expect({ ...change, after: {}, updated: besides(settings, change) }).toEqual({
        after: {},
        created: [],
        deleted: [],
        replaced: new Map(),
        updated: [],
      });
    }),
    { numRuns: 40 },
  );
});

test('whatever is set, a slot that joins or leaves is all that does, nothing is replaced, and the other slot stays as it is', () => {
  fc.assert(
    fc.property(anySettings, fc.constantFrom(...slotNames), (settings, slot) => {
      const with2 = templateOf({ ...settings, ...both([1, 1]) });
      const without = templateOf({ ...settings, ...both([1, 1]), [`${slot}Active`]: false });
      for (const change of [templateChange(without, with2), templateChange(with2, without)]) {
        expect([...change.replaced.keys()]).toEqual([]);
        expect(besides(settings, change)).toEqual([]);
        const moved = [...change.created, ...change.deleted];
        expect(moved.length).toBeGreaterThan(3);
        expect(moved.filter((id) => !id.startsWith(slot === 'blue' ? 'AppBlue' : 'AppGreen'))).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});

test('whatever is set, and in whatever order, the same settings make the same template', () => {
  fc.assert(
    fc.property(anySettings, weights, (settings, shares) => {
      const context = { ...freshContext, ...settings, ...both(shares) };
      const turned = Object.fromEntries(Object.entries(context).reverse());
      expect(JSON.stringify(synthesize(turned).template)).toBe(JSON.stringify(synthesize(context).template));
    }),
    { numRuns: 20 },
  );
});

/** Blue for green and green for blue, in the names of things as well as in what they say. */
function mirrored(text: string): string {
  const other: Readonly<Record<string, string>> = { blue: 'green', green: 'blue', Blue: 'Green', Green: 'Blue' };
  return text.replace(/blue|green/gi, (colour) => other[colour] ?? colour);
}

// The name of the stack has both colours in it, the hash of a logical id is made of its path, and a slot has a place in the order of
// the rules: none of that says anything of a colour.
function withoutOrder(part: unknown): unknown {
  if (Array.isArray(part)) {
    return part.map(withoutOrder).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof part !== 'object' || part === null) {
    return part;
  }
  const entries = Object.entries(part).filter(([name]) => name !== 'Priority');
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutOrder(value)] as const).sort());
}

// What is of the service as a whole names the slots in their order.
const withoutHashes = (context: Context) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(templateOf(context).Resources).filter(([id]) => !id.startsWith('ServiceAlarm'))),
  )
    .replace(/blue[-/]?green/gi, 'both')
    .replace(/(?<=[A-Za-z]\w*)[0-9A-F]{8}(?![0-9a-z])/g, '');

test('whatever is set, the colours are told apart by their names alone', () => {
  fc.assert(
    fc.property(anySettings, weights, (settings, shares) => {
      // The demo has another image in each slot, and the dashboard names the slots in their order, too.
      const context = { blueImage: 'shop:1', greenImage: 'shop:2', ...settings, ...both(shares), dashboard: false };
      const turned = Object.fromEntries(
        Object.entries(context).map(([key, value]) => [mirrored(key), typeof value === 'string' ? mirrored(value) : value]),
      );
      const [before, after] = [withoutHashes(context), withoutHashes(turned)];
      const [one, other] = [before, mirrored(after)].map((text) => withoutOrder(JSON.parse(text)));
      expect(other).toEqual(one);
      expect(isDeepStrictEqual(JSON.parse(after), JSON.parse(before))).toBe(false);
    }),
    { numRuns: 20 },
  );
});
