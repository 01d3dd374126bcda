import { UserError } from '../release/user-error';

/** Thrown when a rehearsal cannot be done as asked. Carries every problem that was found, one line each. */
export class RehearsalError extends UserError {}

/** Thrown when this machine was too busy for a rehearsal to come to its end. No slot is to blame for it. */
export class NotMeasuredError extends RehearsalError {}
