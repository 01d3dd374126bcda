import { exitCodes } from '../../../lib/operate/exit-codes';
import { NoAnswerError } from '../../../lib/operate/no-answer';
import { OperateError } from '../../../lib/operate/operate-error';
import { Course } from '../../../lib/operate/rollback/course';
import { asked } from '../example-release';

const beginning = (course: Course, call: () => Promise<boolean>) =>
  course.begin('it may have begun', 'it goes on', (isTaken) => isTaken, call);

test('until AWS has answered it may have begun, and then it goes on', async () => {
  const course = new Course(asked);
  let meanwhile = '';
  await beginning(course, async () => {
    meanwhile = course.whatGoesOn;
    return true;
  });
  expect([meanwhile, course.whatGoesOn]).toEqual(['it may have begun; npm run release -- status --watch', 'it goes on']);
});

test.each<[what: string, call: () => Promise<boolean>, expected: string]>([
  ['is refused', () => Promise.reject(new OperateError('refused')), 'nothing was changed'],
  ['has nothing to do', async () => false, 'nothing was changed'],
  [
    'is not answered',
    () => Promise.reject(new NoAnswerError('no answer')),
    'it may have begun; npm run release -- status --watch',
  ],
])('what %s', async (_, call, expected) => {
  const course = new Course(asked);
  await beginning(course, call).catch(() => {});
  expect(course.whatGoesOn).toBe(expected);
});

describe('an error', () => {
  const refused = new OperateError('blue: 0 of 2 tasks run');

  test('before anything has changed is what it is', () => {
    expect(new Course(asked).told(refused)).toBe(refused);
  });

  test('after a deploy was cancelled is never a refusal', () => {
    const course = new Course(asked);
    course.hasCancelled = true;
    course.whatGoesOn = 'the deploy that was under way is cancelled';
    expect(course.told(refused)).toMatchObject({
      exitCode: exitCodes.differs,
      problems: ['blue: 0 of 2 tasks run', 'stack sample-blue-green: the deploy that was under way is cancelled'],
    });
  });

  test('after the update was taken leaves open what comes of it', () => {
    const course = new Course(asked);
    course.hasBegun = true;
    expect(course.told(refused)).toMatchObject({
      exitCode: exitCodes.differs,
      problems: ['blue: 0 of 2 tasks run', expect.stringContaining('CloudFormation may go on')],
    });
  });
});
