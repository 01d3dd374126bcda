import { unlessGone } from '../../../lib/operate/live/gone';

const failing = (name: string) => Promise.reject(Object.assign(new Error(name), { name }));

test.each([
  'RuleNotFoundException',
  'TargetGroupNotFound',
  'ResourceNotFoundException',
  'NotFoundException',
  'ClusterNotFoundException',
])('what is gone is nothing: %s', async (name) => {
  expect(await unlessGone(failing(name), 'nothing')).toBe('nothing');
});

test('all else is told', async () => {
  await expect(unlessGone(failing('ThrottlingException'), 'nothing')).rejects.toThrow('ThrottlingException');
  expect(await unlessGone(Promise.resolve('there'), 'nothing')).toBe('there');
});
