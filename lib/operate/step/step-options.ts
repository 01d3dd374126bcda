import type { ReleaseStep } from '../../release/release';
import type { SlotName } from '../../release/slots';
import type { Sight } from '../gate/sight';

/** Which step is made, and how. */
export interface StepOptions {
  /** The slot of the new version; `undefined`: as it follows from what is deployed. */
  readonly to: SlotName | undefined;

  /** How long to wait at most until it may be made, in milliseconds; `undefined`: as long as usual. */
  readonly timeoutMs: number | undefined;

  /** For how many minutes CloudFormation watches the alarms after a change of weights; `undefined`: as the plane needs it. */
  readonly bakeMinutes: number | undefined;

  /** So many requests say something of a slot. */
  readonly minRequests: number;

  /** Where the evidence goes; `undefined`: nowhere. */
  readonly evidence: string | undefined;
}

/** A step that is chosen from what is seen. */
export interface ChosenStep {
  readonly step: ReleaseStep;

  /** What it is of the whole, such as `step 4 of 6`. */
  readonly title: string;
}

/** Chooses the step for what is seen; a sentence when there is nothing to do. Throws an `OperateError` when there must be none. */
export type ChooseStep = (sight: Sight) => ChosenStep | string;
