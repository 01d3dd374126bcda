import { secretReference, secretReferences, variablesInBothProblem } from '../../lib/settings/secret-references';
import { problemsOf, state } from './context';

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret';
const parameters = 'arn:aws-cn:ssm:cn-north-1:123456789012:parameter';
const cut = '… with an ARN that lacks the hyphen and six characters at its end';
const longName = (length: number) => `/${'a'.repeat(length - 1)}`;

test.each([
  ['prod/db', { kept: 'secret', by: 'name', text: 'prod/db' }],
  ['prod/db:password', { kept: 'secret', by: 'name', text: 'prod/db', field: 'password' }],
  ['a=b+c@d.e_f-g', { kept: 'secret', by: 'name', text: 'a=b+c@d.e_f-g' }],
  ['a'.repeat(512), { kept: 'secret', by: 'name', text: 'a'.repeat(512) }],
  ['db-abcde', { kept: 'secret', by: 'name', text: 'db-abcde' }],
  [`${arn}:db-AbC123`, { kept: 'secret', by: 'arn', text: `${arn}:db-AbC123` }],
  [`${arn}:/own/db-AbC123:user`, { kept: 'secret', by: 'arn', text: `${arn}:/own/db-AbC123`, field: 'user' }],
  [`${arn}:db-AbC123:user::`, { kept: 'secret', by: 'arn', text: `${arn}:db-AbC123`, field: 'user' }],
  ['/prod/key', { kept: 'parameter', by: 'name', text: '/prod/key' }],
  ['/awsome/key', { kept: 'parameter', by: 'name', text: '/awsome/key' }],
  [longName(950), { kept: 'parameter', by: 'name', text: longName(950) }],
  [`/a${'/a'.repeat(14)}`, { kept: 'parameter', by: 'name', text: `/a${'/a'.repeat(14)}` }],
  [`${parameters}/prod/key`, { kept: 'parameter', by: 'arn', text: `${parameters}/prod/key` }],
])('%s', (text, reference) => {
  expect(secretReference(text)).toEqual({ field: undefined, ...reference });
});

test.each([
  ['nothing', ''],
  ['a space', 'a b'],
  ['a character that AWS does not take', 'a*b'],
  ['a name that is too long', 'a'.repeat(513)],
  ['a name that looks like the end of an ARN', 'db-secret'],
  ['an empty field', 'db:'],
  ['a field with a line break', 'db:a\nb'],
  ['a field with a colon', 'db:a:b'],
  ['a version of a field', `${arn}:db-AbC123:user:AWSPREVIOUS:`],
  ['no field in front of where a version would be', `${arn}:db-AbC123:::`],
  ['a name with what stands behind the field of an ARN', 'db:user::'],
  ['an ARN without its last six characters', `${arn}:db`],
  ['an ARN of something else', 'arn:aws:s3:::bucket:a:b'],
  ['the ARN of a secret in no account', 'arn:aws:secretsmanager:eu-west-1:1:secret:db-AbC123'],
  ['only a slash', '/'],
  ['a slash at the end', '/a/'],
  ['two slashes', '/a//b'],
  ['sixteen levels', `/a${'/a'.repeat(15)}`],
  ['a parameter name that is too long', longName(951)],
  ['a parameter ARN that is too long', `${parameters}${longName(964)}`],
  ['a parameter that AWS keeps for itself', '/aws/reference'],
  ['the same by its ARN', `${parameters}/SSM/x`],
  ['a field of a parameter', '/prod/key:field'],
])('no secret is kept in %s', (_, text) => {
  expect(secretReference(text)).toBeUndefined();
});

test('an object says the same as text, and an empty one that there are none', () => {
  const secrets = { A: 'db:password', B: '/prod/key' };
  expect(['A=db:password,B=/prod/key', JSON.stringify(secrets), secrets].map((value) => secretReferences.parse(value))).toEqual([
    secrets,
    secrets,
    secrets,
  ]);
  expect(secretReferences.parse('{}')).toEqual({});
});

test.each([
  ['A=hunter 2,B=db', 'A=…'],
  [{ A: 'hunter 2', '1B': 'db', C: 'db' }, 'A=…, 1B=…'],
  ['A=db,A=hunter2', 'A=…'],
  [`A=${arn}:db,B=${arn}:db:user`, `A=${cut}, B=${cut}`],
  [{ '1A': `${arn}:db-AbC123`, 'A B': `${arn}:db` }, `1A=…, ${cut}`],
  ['hunter 2=', '…'],
  ['hunter2', '…'],
  ['{"A":"hunter2"', '…'],
  [{}, '…'],
  [7, '…'],
])('a message on %j says %s, and nothing of what may be a secret', (value, shown) => {
  expect(secretReferences.shown?.(value)).toBe(shown);
});

test('the error of the key has the name of the variable only', () => {
  const [problem, ...others] = problemsOf({ ...state, greenAppSecrets: 'PASSWORD=hunter 2,KEY=/prod/key' });
  expect(others).toEqual([]);
  expect(problem).toMatch(/^greenAppSecrets: got PASSWORD=…, expected variables such as /);
  expect(problem).not.toContain('hunter');
});

test.each([
  [{ A: '1', B: '2' }, { C: '/c' }, undefined],
  [
    { A: '1', B: '2' },
    { B: '/b', A: '/a' },
    'environment, secrets: got B, A in both, expected each variable in one of them; take it out of environment',
  ],
])('variables %j and secrets %j', (environment, secrets, problem) => {
  expect(variablesInBothProblem({ name: 'environment', value: environment }, { name: 'secrets', value: secrets })).toBe(problem);
});
