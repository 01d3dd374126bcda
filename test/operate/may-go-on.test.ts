import { mayGoOn } from '../../lib/operate/may-go-on';
import { OperateError } from '../../lib/operate/operate-error';

const asked = { folder: '.', context: { stage: 'prod' }, stage: 'prod', stackName: 'shop' };

test.each([new OperateError('credentials: got expired ones'), new Error('credentials: got expired ones')])(
  'whatever goes wrong, it is told that CloudFormation may go on: %p',
  (error) => {
    expect(mayGoOn(error, asked)).toMatchObject({
      exitCode: 6,
      problems: [
        'credentials: got expired ones',
        'stack shop: CloudFormation may go on; npm run release -- status --watch -c stage=prod',
      ],
    });
  },
);

test('what says so itself stays as it is', () => {
  const error = new OperateError('stack shop: is UPDATE_FAILED; npx cdk rollback shop', 6);
  expect(mayGoOn(error, asked)).toBe(error);
});
