import type { SlotName } from '../../release/slots';

/** What an alarm of the stack watches. */
export type AlarmKind = 'service' | 'errors' | 'empty slot';

/** One alarm of the stack. */
export interface DeployedAlarm {
  readonly arn: string;
  readonly name: string;
  readonly kind: AlarmKind;

  /** The slot that it watches, with which it goes; `undefined`: the service as a whole. */
  readonly slot: SlotName | undefined;

  /** `undefined`: CloudWatch has no such alarm. */
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | undefined;
}
