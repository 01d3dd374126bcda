import type { DeployedState } from '../../release/deployed-state';

/** A stack as CloudFormation has it. */
export interface DeployedStack {
  readonly name: string;

  /** Its ARN, in which the account and the Region stand. */
  readonly id: string;

  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;

  /** What CloudFormation says to the status. */
  readonly statusReason: string | undefined;

  /** When its last operation began, or when it was made. */
  readonly changedAt: Date;

  /** The template, as it was handed over: byte for byte. */
  readonly template: string;

  /** What the release guard compares, read from that template: which slots are on, with what weight, image and plane. */
  readonly state: DeployedState;

  readonly outputs: Readonly<Record<string, string>>;

  /** Names of the parameters, to be kept as they are. */
  readonly parameters: readonly string[];

  /** ARNs of the alarms that roll a deploy back; they stay until another deploy says otherwise. */
  readonly rollbackTriggers: readonly string[];

  /** The role with which CloudFormation works on this stack. */
  readonly roleArn: string | undefined;

  /** What `Ref` gives for each resource, by logical id. */
  readonly physicalIds: ReadonlyMap<string, string>;
}
