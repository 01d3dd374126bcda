import * as fc from 'fast-check';
import { planeNames } from '../../lib/release/plane-limits';
import { keyNames } from '../../lib/settings/keys';
import { problemsOf, state } from './context';

const both = { blueActive: true, greenActive: true };

describe('whatever the context holds', () => {
  const garbage = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true, withSet: true }),
    fc.constantFrom(
      '',
      ' ',
      'true',
      'false',
      'TRUE',
      '0',
      '-0',
      '1',
      '01',
      '1.5',
      '1e2',
      '100',
      '101',
      '999',
      '1000',
      'NaN',
      '\u0000',
      'a\nb',
    ),
    fc.integer(),
    fc.double(),
  );
  const key = fc.oneof(
    fc.constantFrom(...keyNames),
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'greenWieght'),
  );

  test('settings come out, or problems of one line each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, garbage), { maxLength: 8 }), (entries) => {
        const problems = problemsOf({ ...state, ...Object.fromEntries(entries) });
        for (const problem of problems) {
          expect(problem).toMatch(/^.+: got .+, (expected|did you mean) ?.+$/);
          expect(problem).not.toContain('\n');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a value in a slot flag is taken exactly when it spells a legal one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...planeNames), garbage, (trafficPlane, value) => {
        const max = trafficPlane === 'app-mesh' ? 100 : 999;
        const legal = Array.from({ length: max + 1 }, (_, weight) => weight);
        const accepted = problemsOf({ ...state, ...both, trafficPlane, blueWeight: 0, greenWeight: value }).length === 0;
        const spelled = legal.some((weight) => weight > 0 && (value === weight || value === `${weight}`));
        // An absent value stands for the default, which leaves no weight at all here.
        expect(accepted).toBe(spelled);
      }),
      { numRuns: 500 },
    );
  });
});
