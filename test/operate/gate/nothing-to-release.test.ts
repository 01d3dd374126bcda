import { nothingToRelease } from '../../../lib/operate/gate/nothing-to-release';
import type { ReleaseState } from '../../../lib/release/release';
import { readSettings } from '../../../lib/settings/read-settings';
import { type Context, freshContext } from '../../fresh-context';
import { withTaskDefinitions } from '../task-definitions';

const image = 'registry.example.com/team/shop:1.4.0';
const shop: Context = { ...freshContext, appName: 'shop', blueImage: image, greenImage: 'registry.example.com/team/shop:1.5.0' };
const [off, on] = [{ active: false, weight: 0 }, (weight: number) => ({ active: true, weight })];
const greenOnly: ReleaseState = { blue: off, green: on(1) };
const ran = { 'shop-blue:3': { status: 'INACTIVE', image } } as const;

const asked = (state: ReleaseState, more: Context = {}, revisions: object = ran) =>
  withTaskDefinitions({ ...revisions }, (clients) => nothingToRelease(clients, readSettings({ ...shop, ...more }), state));

test('a slot that is off, with the image that it ran last, is nothing to release', async () => {
  const { answer } = await asked(greenOnly);
  expect(answer).toBe(
    'nothing to release: green answers everything, and blue is off and declared with shop:1.4.0, which it ran before; ' +
      'put another image into it, or say --to blue',
  );
});

test('its tasks are found by the label of the slot', async () => {
  const labelled = { 'shop-one:3': { status: 'INACTIVE', image } };
  expect((await asked(greenOnly, { blueName: 'one' }, labelled)).answer).toMatch(/^nothing to release/);
  expect((await asked(greenOnly, {}, labelled)).answer).toBeUndefined();
});

test.each<[string, ReleaseState, Context, object]>([
  ['another image', greenOnly, { blueImage: 'registry.example.com/team/shop:1.6.0' }, ran],
  ['a slot that never ran', { blue: on(1), green: off }, {}, ran],
])('there is something to release: %s', async (_, state, more, revisions) => {
  expect((await asked(state, more, revisions)).answer).toBeUndefined();
});

test('a release that is under way goes on, and nobody is asked', async () => {
  expect(await asked({ blue: on(1), green: on(3) })).toEqual({ answer: undefined, calls: 0 });
});
