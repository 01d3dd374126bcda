import { lastImage } from '../../../lib/operate/live/last-image';
import { type Revision, withTaskDefinitions } from '../task-definitions';

const active = (image: string): Revision => ({ status: 'ACTIVE', image });
const inactive = (image: string): Revision => ({ status: 'INACTIVE', image });
const lastOf = (revisions: Readonly<Record<string, Revision>>, errors = {}) =>
  withTaskDefinitions(revisions, (clients) => lastImage(clients, 'shop-blue'), errors).then(({ answer }) => answer);

test.each<[string, Readonly<Record<string, Revision>>, string | undefined]>([
  ['of one that runs', { 'shop-blue:1': active('shop:1') }, 'shop:1'],
  ['of one that is off', { 'shop-blue:1': inactive('shop:1') }, 'shop:1'],
  [
    'of the newest one, by number',
    { 'shop-blue:9': inactive('shop:9'), 'shop-blue:10': inactive('shop:10'), 'shop-blue:8': active('shop:8') },
    'shop:10',
  ],
  ['of no other family that begins like it', { 'shop-blue-2:7': active('shop:7'), 'shop-blue:1': inactive('shop:1') }, 'shop:1'],
  ['of none that never ran', { 'shop-blue-2:7': active('shop:7') }, undefined],
])('the last image: %s', async (_, revisions, image) => {
  expect(await lastOf(revisions)).toBe(image);
});

test('one that ECS does not describe any more is not known', async () => {
  const DescribeTaskDefinition = { __type: 'ClientException', message: 'Unable to describe task definition.' };
  expect(await lastOf({ 'shop-blue:1': inactive('shop:1') }, { DescribeTaskDefinition })).toBeUndefined();
});

test('who may not ask is told so', async () => {
  const ListTaskDefinitions = { __type: 'AccessDeniedException', message: 'not authorized' };
  await expect(lastOf({}, { ListTaskDefinitions })).rejects.toThrow(/^ecs:ListTaskDefinitions: got access denied/);
});
