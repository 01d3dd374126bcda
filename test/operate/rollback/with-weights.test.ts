import * as fc from 'fast-check';
import { withWeights } from '../../../lib/operate/rollback/with-weights';
import { type PlaneName, planeLimits, planeNames } from '../../../lib/release/plane-limits';
import { canary, type ReleaseDirection, type ReleaseState } from '../../../lib/release/release';
import { type SlotName, slotNames } from '../../../lib/release/slots';
import { flagsOf } from '../../../lib/settings/flags';
import { synthesize } from '../../../lib/stack/synthesize';
import { type Context, freshContext } from '../../fresh-context';
import { anySettings } from '../../stack/any-flags';

// As the CDK writes it to the file that is handed over.
const textOf = (context: Context): string => JSON.stringify(synthesize({ ...freshContext, ...context }).template, undefined, 1);

const both = (blueWeight: number, greenWeight: number): Context => ({
  ...{ blueActive: true, blueWeight, greenActive: true, greenWeight },
});

const weighted = (template: string, weights: Readonly<Partial<Record<SlotName, number>>>) =>
  withWeights(template, weights, 'npx cdk deploy shop -c blueWeight=1');

const directions = [
  { from: 'blue', to: 'green' },
  { from: 'green', to: 'blue' },
] as const;

const statesOf = (direction: ReleaseDirection): readonly ReleaseState[] =>
  canary([5, 25, 50, 100], direction)
    .map(({ state }) => state)
    .filter((state) => slotNames.every((slot) => state[slot].active));

test.each(planeNames)('on %s, what a rollback hands over is what the app makes of the flags after it', (trafficPlane) => {
  for (const { from, to } of directions) {
    const [first, ...others] = statesOf({ from, to }).map((state) => textOf({ trafficPlane, ...flagsOf(state) }));
    expect(others).toHaveLength(4);
    for (const text of others) {
      expect(weighted(text, { [from]: 1, [to]: 0 })).toBe(first);
    }
  }
});

test('whatever is set, from any weights to any others', () => {
  const guarded = anySettings.filter(({ guard = true }) => `${guard}` === 'true');
  const weights = fc.tuple(fc.nat(50), fc.nat(50)).filter(([blue, green]) => blue + green > 0);
  fc.assert(
    fc.property(guarded, weights, weights, (settings, before, [blue, green]) => {
      expect(weighted(textOf({ ...settings, ...both(...before) }), { blue, green })).toBe(
        textOf({ ...settings, ...both(blue, green) }),
      );
    }),
    { numRuns: 10 },
  );
});

test('the way in which the text is written stays, and a weight that is text stays text', () => {
  const template = {
    Outputs: {
      Split: { Value: 'blue 50 %, green 50 %' },
      GreenServiceName: { Value: { 'Fn::GetAtt': ['XGreenService8BBB7DE6', 'Name'] } },
      BlueServiceName: { Value: { 'Fn::GetAtt': ['XBlueService14CCF968', 'Name'] } },
    },
    Resources: {
      Rule: {
        Type: 'AWS::VpcLattice::Rule',
        Properties: {
          Action: {
            Forward: {
              TargetGroups: [
                { Weight: '7', TargetGroupIdentifier: { Ref: 'XGreenTarget' } },
                { Weight: 7, TargetGroupIdentifier: { Ref: 'XBlueTarget' } },
              ],
            },
          },
        },
      },
      Guard: {
        Type: 'Custom::ReleaseGuard',
        Properties: { State: { slots: { green: { label: 'grün', weight: '7' }, blue: { weight: 7, label: 'blue' } } } },
      },
    },
  };
  const text = `${JSON.stringify(template, undefined, '\t').replaceAll('\n', '\r\n')}\r\n`;
  expect(weighted(text, { blue: 1, green: 0 })).toBe(
    text
      .replace('blue 50 %, green 50 %', 'blue 100 %, grün 0 %')
      .replace('"Weight": "7"', '"Weight": "0"')
      .replace('"Weight": 7', '"Weight": 1')
      .replace('"weight": "7"', '"weight": "0"')
      .replace('"weight": 7', '"weight": 1'),
  );
});

describe('a template in which it is not clear where a weight stands', () => {
  const plane: PlaneName = 'load-balancer';
  const text = textOf({ trafficPlane: plane, ...both(1, 1) });

  test.each<[what: string, template: string, message: string]>([
    ['YAML', 'Resources: {}', 'deployed template: got text that is not JSON (InvalidSymbol at character 1), expected a template'],
    ['nothing', '', 'got text that is not JSON'],
    ['a part of it', text.slice(0, -3), 'got text that is not JSON'],
    ['no guard', text.replace('Custom::ReleaseGuard', 'Custom::Other'), 'got 0 release guards, expected one'],
    ['no split', text.replace('"Split"', '"Other"'), 'got no output Split, expected one'],
    ['no label', text.replace('"label": "blue"', '"label": 1'), 'got no label of blue, expected one'],
    [
      'a weight that is a parameter',
      text.replaceAll(/"Weight": 1\b/g, '"Weight": { "Ref": "Weight" }'),
      'got no number for the weight of AppProductionRule',
    ],
    [
      'another route',
      text.replace(/("Ref": "AppGreen)TargetGroup(\w+"\s+},\s+"Weight")/, '"Ref": "Other$2'),
      'got 0 routes to blue and green',
    ],
  ])('%s is refused', (_, template, message) => {
    expect(() => weighted(template, { blue: 1, green: 0 })).toThrow(message);
  });

  test('and so are slots that are not those of the template', () => {
    const blueOnly = textOf({ trafficPlane: plane });
    expect(() => weighted(blueOnly, { blue: 1, green: 0 })).toThrow(
      'deployed template: got the slots blue, expected blue, green, which are on; go back with npx cdk deploy shop -c blueWeight=1',
    );
  });
});

test.each(planeNames)('on %s, the highest weights can be asked for', (trafficPlane) => {
  const { maxWeight } = planeLimits[trafficPlane];
  expect(weighted(textOf({ trafficPlane, ...both(1, 0) }), { blue: 0, green: maxWeight })).toBe(
    textOf({ trafficPlane, ...both(0, maxWeight) }),
  );
});
