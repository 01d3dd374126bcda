import { deployChanges, type ResourceChange } from '../../../lib/operate/orders/deploy-changes';
import { lookAtAllOrders } from '../../../lib/operate/orders/order-states';
import { proveOrders } from '../../../lib/operate/orders/prove-orders';
import { useDanger } from '../../../lib/operate/orders/use-safety';
import type { StackTemplate } from '../../../lib/operate/template/stack-template';

const topic = { Type: 'AWS::SNS::Topic' };
const alarm = (name: string) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [{ Ref: name }] } });
const nobodyWaits = (change: ResourceChange): ResourceChange => ({
  ...change,
  waitsFor: { after: new Set(), before: new Set() },
});

describe('what is in use', () => {
  it.each<[string, StackTemplate, StackTemplate, string]>([
    [
      'is made first',
      { Resources: {} },
      { Resources: { Alarm: alarm('Topic'), Topic: topic } },
      'created Alarm before Topic: Alarm refers to Topic, which is not there',
    ],
    [
      'is made before what changes to it',
      { Resources: { Alarm: alarm('Old'), Old: topic } },
      { Resources: { Alarm: alarm('New'), Old: topic, New: topic } },
      'updated Alarm before New: Alarm refers to New, which is not there',
    ],
    [
      'is deleted last',
      { Resources: { Alarm: alarm('Topic'), Topic: topic } },
      { Resources: {} },
      'deleted Topic before Alarm: Alarm refers to Topic, which is not there',
    ],
  ])('%s, since it is waited for', (_, before, after, problem) => {
    expect(proveOrders(before, after).broken).toBeUndefined();
    // Where nothing waited for anything, it would be seen.
    const changes = deployChanges(before, after);
    const { broken } = lookAtAllOrders(changes.map(nobodyWaits), useDanger(before, after, changes));
    expect(`${broken?.last}: ${broken?.problem}`).toBe(problem);
  });
});
