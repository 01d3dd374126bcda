import { madeOnce } from './templates';

test('what several ask for is made once, in whatever order they name its keys, and each gets a copy of its own', () => {
  const make = jest.fn(() => ({ Resources: {} as Record<string, unknown> }));
  const first = madeOnce('test', { made: 'once', by: 'order', without: undefined }, make);
  first.Resources.Changed = {};
  expect(madeOnce('test', { by: 'order', made: 'once' }, make)).toEqual({ Resources: {} });
  expect(make).toHaveBeenCalledTimes(1);
});

test('another way, another key and another value are another template', () => {
  const make = jest.fn(() => ({}));
  for (const [way, context] of [
    ['test', { made: 'apart' }],
    ['test, too', { made: 'apart' }],
    ['test', { made: 'apart', also: 1 }],
    ['test', { made: 'apart', also: '1' }],
  ] as const) {
    madeOnce(way, context, make);
  }
  expect(make).toHaveBeenCalledTimes(4);
});

test('what cannot be made is kept by nobody', () => {
  const make = () => {
    throw new Error('no');
  };
  expect(() => madeOnce('test', { made: 'never' }, make)).toThrow('no');
  expect(madeOnce('test', { made: 'never' }, () => ({ now: true }))).toEqual({ now: true });
});
