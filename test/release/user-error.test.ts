import { UserError } from '../../lib/release/user-error';

class SpecialError extends UserError {}

test('an error about one thing', () => {
  const error = new UserError('port: got 0, expected 1');
  expect(error.problems).toEqual(['port: got 0, expected 1']);
  expect(error.message).toBe('port: got 0, expected 1');
});

test('all problems at once, a line each', () => {
  const error = new UserError(['one', 'two']);
  expect(error.problems).toEqual(['one', 'two']);
  expect(error.message).toBe('one\ntwo');
});

test('bears the name of its own kind', () => {
  expect(new SpecialError('one').name).toBe('SpecialError');
  expect(new SpecialError('one')).toBeInstanceOf(UserError);
});
