import * as fc from 'fast-check';
import { planeNames } from '../../lib/release/plane-limits';
import { keyNames } from '../../lib/settings/keys';
import { unsafeReasonType } from '../../lib/settings/service-values';
import { problemsOf, state } from './context';

// None of these is a value of any key.
const never = ['', ' ', '\0', '\n', null, Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, 1e300, [], [[]], [null]];

test.each(keyNames)('%s takes nothing that is empty, of a control character, or no number', (key) => {
  for (const trafficPlane of planeNames) {
    for (const value of never) {
      const problems = problemsOf({ ...state, trafficPlane, [key]: value });
      expect([key, value, problems.length > 0]).toEqual([key, value, true]);
    }
  }
});

test('what is taken holds no control character, whatever the key', () => {
  const withControl = fc
    .tuple(
      fc.constantFrom('a', 'a/b', '/a', 'A=', 'arn:aws:acm:', '10.0.0.0/8', 'because'),
      fc.constantFrom('\0', '\u001b', '\u007f'),
    )
    .map(([text, control]) => `${text}${control}${text}`);
  // A variable, and a command, may hold any text that a process can be given: only a NUL ends it.
  const ofProcess = /(environment|command)$/i;
  fc.assert(
    fc.property(fc.constantFrom(...keyNames), withControl, (key, value) => {
      fc.pre(!ofProcess.test(key) || value.includes('\0'));
      expect(problemsOf({ ...state, [key]: value })).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test.each(['green answers 500', 'déjà vu', 'it was 5 €, ok?'])('%s is a reason', (reason) => {
  expect(unsafeReasonType.parse(reason)).toBe(reason);
});

test.each(['four', ' green answers 500', 'green answers 500 ', 'green\u2028answers', 'green\u202eanswers', 'green\tanswers'])(
  '%j is no reason',
  (reason) => {
    expect(unsafeReasonType.parse(reason)).toBeUndefined();
  },
);
