import { namedAsRead } from '../../lib/settings/named-as-read';

test.each<[string, string, string]>([
  [
    'a key in front, and in the example',
    'appPort: got 0, expected one; for example -c appPort=80',
    'prod:appPort: got 0, expected one; for example -c prod:appPort=80',
  ],
  ['a key in the file', 'x; for example "appPort": "80" in cdk.json', 'x; for example "prod:appPort": "80" in cdk.json'],
  ['several keys', 'guard, appPort, alarms: got', 'prod:guard, prod:appPort, prod:alarms: got'],
  ['a key that is a word, with a value', 'ignored with alarms=false', 'ignored with prod:alarms=false'],
  ['a key that is a word, as a word', 'the guard, which sets alarms', 'the guard, which sets alarms'],
  ['a value of the user', 'name: got "appPort: \\"appPort", appPort', 'name: got "appPort: \\"appPort", prod:appPort'],
  ['a part of another key', 'blueAppPort, appPorts and tool:appPort', 'blueAppPort, appPorts and tool:appPort'],
  ['a key that is read elsewhere', 'desiredCount: got 0', 'desiredCount: got 0'],
])('%s', (_, message, expected) => {
  expect(namedAsRead(message, 'prod', ['appPort', 'guard', 'alarms'])).toBe(expected);
});

test.each<[string | undefined, string[]]>([
  [undefined, ['appPort']],
  ['prod', []],
])('of stage %s and keys %j, a message stays as it is', (stage, keys) => {
  expect(namedAsRead('appPort: got 0', stage, keys)).toBe('appPort: got 0');
});
