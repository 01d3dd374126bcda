/** The ways in which a slot can be made to misbehave, with what they do. */
export const faults = {
  error: 'answers half of the requests, by chance, with 503',
  slow: 'answers too late for the client',
  crash: 'is killed, and not started again',
  refuse: 'still runs, but takes no connections any more',
} as const;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as readonly FaultName[];

/** A fault of one slot. */
export interface Fault {
  /** Label of the slot. */
  readonly slot: string;
  readonly name: FaultName;

  /** Index of the step during which it begins. */
  readonly step: number;
}

/** What a rehearsal tells its demo app. */
export interface FaultMessage {
  readonly fault: FaultName;

  /** For `slow`: how much later answers come, in milliseconds. */
  readonly delayMs: number;
}
