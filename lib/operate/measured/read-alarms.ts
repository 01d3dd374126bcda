import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type SlotName, slotNames } from '../../release/slots';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import type { AlarmKind, DeployedAlarm } from './alarm-state';

/** The alarms of a stack, with the state that each of them has now. Without alarms in the stack there is none. */
export async function readAlarms(
  { cloudWatch }: Pick<AwsClients, 'cloudWatch'>,
  stack: Pick<DeployedStack, 'outputs'>,
): Promise<readonly DeployedAlarm[]> {
  const alarms = alarmsIn(stack.outputs);
  if (alarms.length === 0) {
    return [];
  }
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: alarms.map(({ name }) => name) }));
  return alarms.map((alarm) => ({ ...alarm, state: MetricAlarms.find(({ AlarmArn }) => AlarmArn === alarm.arn)?.StateValue }));
}

const kinds: Readonly<Record<string, AlarmKind>> = { Service: 'service', Error: 'errors', EmptySlot: 'empty slot' };

/** The alarms that the outputs of a stack name: `ServiceAlarmArn`, `BlueErrorAlarmArn` and the like. */
export function alarmsIn(outputs: Readonly<Record<string, string>>): readonly Omit<DeployedAlarm, 'state'>[] {
  return Object.entries(outputs).flatMap(([output, arn]) => {
    const [, slot = '', what = ''] = /^([A-Z][a-z]+)??(Service|Error|EmptySlot)AlarmArn$/.exec(output) ?? [];
    const kind = kinds[what];
    const name = arn.split(':alarm:')[1];
    return kind === undefined || name === undefined ? [] : [{ arn, name, kind, slot: slotCalled(slot) }];
  });
}

function slotCalled(constructId: string): SlotName | undefined {
  return slotNames.find((name) => name === constructId.toLowerCase());
}
