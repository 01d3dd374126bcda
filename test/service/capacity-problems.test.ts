import { Lazy } from 'aws-cdk-lib';
import { capacityProblems } from '../../lib/service/capacity-problems';

const token = Lazy.number({ produce: () => 1 });

test.each([
  ['none said', undefined],
  ['one', [{ capacityProvider: 'FARGATE', weight: 1 }]],
  [
    'a mixture',
    [
      { capacityProvider: 'FARGATE', base: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1000 },
    ],
  ],
  ['a weight that only the deploy knows', [{ capacityProvider: 'FARGATE', weight: token }]],
])('right: %s', (_, strategies) => {
  expect(capacityProblems(strategies, undefined)).toEqual([]);
});

test.each([
  ['no provider', [], ['capacityProviderStrategies: got 0, expected 1 to 20; leave it out to run on Fargate']],
  [
    'too many',
    Array.from({ length: 21 }, () => ({ capacityProvider: 'FARGATE', weight: 1 })),
    ['capacityProviderStrategies: got 21, expected 1 to 20; leave it out to run on Fargate'],
  ],
  [
    'no weight, which ECS takes for 0',
    [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT', weight: 0 }],
    ['capacityProviderStrategies: got weights 0, 0, expected one of 1 or more; give a provider a weight'],
  ],
  [
    'what runs no Fargate task',
    [{ capacityProvider: 'my-instances', weight: 1 }],
    ['capacityProviderStrategies: got "my-instances", expected FARGATE or FARGATE_SPOT'],
  ],
  [
    'one provider twice, and two with a base',
    [
      { capacityProvider: 'FARGATE', weight: 1, base: 1 },
      { capacityProvider: 'FARGATE', weight: 1, base: 2 },
    ],
    [
      'capacityProviderStrategies: got FARGATE, FARGATE, expected each provider once',
      'capacityProviderStrategies: got 2 providers with a base, expected one at most',
    ],
  ],
  [
    'numbers out of range, all at once',
    [{ capacityProvider: 'FARGATE', weight: 1001, base: -1 }],
    [
      'weight of FARGATE: got 1001, expected a whole number from 0 to 1000',
      'base of FARGATE: got -1, expected a whole number from 0 to 100000',
    ],
  ],
])('wrong: %s', (_, strategies, problems) => {
  expect(capacityProblems(strategies, undefined)).toEqual(problems);
});

test('what is wrong on a slot is named with the slot', () => {
  expect(capacityProblems([], 'green')).toEqual([
    'capacityProviderStrategies of green: got 0, expected 1 to 20; leave it out to run on Fargate',
  ]);
  expect(capacityProblems([{ capacityProvider: 'FARGATE', weight: 1001, base: -1 }], 'green')).toEqual([
    'weight of FARGATE of green: got 1001, expected a whole number from 0 to 1000',
    'base of FARGATE of green: got -1, expected a whole number from 0 to 100000',
  ]);
});
