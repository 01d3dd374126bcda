import { withCommands } from '../../../lib/operate/screen/parts';
import { statusOf } from '../../../lib/operate/status/status';
import { verifyAlarms } from '../../../lib/operate/verify/alarms';
import { neededBootstrap } from '../../../lib/operate/verify/bootstrap';
import { verifyImage } from '../../../lib/operate/verify/image';
import { isLoopback } from '../../../lib/operate/verify/loopback';
import { verifySameEverywhere } from '../../../lib/operate/verify/same-everywhere';
import { verifyStackSettled } from '../../../lib/operate/verify/stack-settled';
import type { VerifyItem } from '../../../lib/operate/verify/verify-item';
import { synthesize } from '../../../lib/stack/synthesize';
import { freshContext } from '../../fresh-context';
import { alarms, liveWith, stackWith, waiting } from '../example-release';

const asked = { ...waiting.asked, context: { appName: 'b' } };
const shown = (items: readonly VerifyItem[]) =>
  items.map(({ verdict, sentence, mend }) => `${verdict}: ${withCommands(sentence, mend)}`);

test('the bootstrap that is needed is read from what is deployed', () => {
  const { template } = synthesize({ ...freshContext, '@aws-cdk/core:bootstrapQualifier': 'shop' });
  expect(neededBootstrap(JSON.stringify(template))).toEqual({ parameter: '/cdk-bootstrap/shop/version', least: 6 });
  expect(neededBootstrap(undefined)).toEqual({ parameter: '/cdk-bootstrap/hnb659fds/version', least: 6 });
});

test.each([
  ['OK', ['ok: 3 are there, none has gone off']],
  ['INSUFFICIENT_DATA', ['ok: 3 are there, none has gone off, 1 without enough data']],
  ['ALARM', ['not ok: alarm sample-green-errors: is ALARM, expected OK; see what it watches, and wait until it is over']],
  [undefined, ['not ok: alarm sample-green-errors: is not there; npx cdk deploy --revert-drift -c appName=b']],
] as const)('an alarm whose state is %s', (state, expected) => {
  const all = alarms.map((alarm) => (alarm.slot === 'green' ? { ...alarm, state } : alarm));
  expect(shown(verifyAlarms(asked, all, state === 'ALARM' ? ['sample-green-errors'] : []))).toEqual(expected);
});

test('without alarms nothing is ok and nothing is not', () => {
  expect(verifyAlarms(asked, [], [])).toMatchObject([{ verdict: 'not looked at' }]);
});

test.each([
  ['the same', {}, ['ok: declared, deployed and live: blue 75 %, green 25 %']],
  [
    'not the same',
    { live: liveWith({ blue: 1, green: 1 }) },
    [
      'not ok: live and deployed differ: blue 50 % live, 75 % deployed; green 50 % live, 25 % deployed; npx cdk deploy --revert-drift',
    ],
  ],
  [
    'not all known',
    { declared: undefined },
    ['not looked at: deployed and live: blue 75 %, green 25 %; what is declared cannot be read'],
  ],
])('declared, deployed and live are %s', (_, sources, expected) => {
  expect(shown(verifySameEverywhere(statusOf({ ...waiting, ...sources })))).toEqual(expected);
});

test('a stack at which somebody works is not compared', () => {
  const busy = statusOf({ ...waiting, stack: stackWith({ blue: 3, green: 1 }, { status: 'UPDATE_IN_PROGRESS' }) });
  expect(shown([verifyStackSettled(busy), ...verifySameEverywhere(busy)])).toEqual([
    'not ok: stack sample-blue-green: is UPDATE_IN_PROGRESS, expected a deploy to be over; npm run release -- status --watch',
    'not looked at: the stack is not settled',
  ]);
});

test('on an AWS on this machine no registry is asked', async () => {
  const item = await verifyImage({ environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' } }, 'green', 'example/shop:1.5.0');
  expect(item).toEqual({
    part: 'images',
    name: 'green',
    verdict: 'not looked at',
    sentence: 'example/shop:1.5.0: nothing is pulled by an AWS on this machine',
  });
});

test.each([
  ['http://127.0.0.1:4566', true],
  ['http://localhost:4566', true],
  ['http://[::1]:4566', true],
  ['https://ecs.eu-central-1.amazonaws.com', false],
  ['https://127.0.0.1.example.com', false],
  ['no address', false],
  [undefined, false],
])('%s leads to this machine: %s', (url, expected) => expect(isLoopback(url)).toBe(expected));
