import { alarmsIn } from '../../../lib/operate/measured/read-alarms';

const arn = (name: string) => `arn:aws:cloudwatch:r:1:alarm:${name}`;

test('the alarms that the outputs of a stack name', () => {
  expect(
    alarmsIn({
      Url: 'http://shop',
      ServiceAlarmArn: arn('all'),
      BlueErrorAlarmArn: arn('blue: errors'),
      GreenEmptySlotAlarmArn: arn('green'),
      OtherAlarmArn: arn('other'),
    }),
  ).toEqual([
    { arn: arn('all'), name: 'all', kind: 'service', slot: undefined },
    { arn: arn('blue: errors'), name: 'blue: errors', kind: 'errors', slot: 'blue' },
    { arn: arn('green'), name: 'green', kind: 'empty slot', slot: 'green' },
  ]);
});
