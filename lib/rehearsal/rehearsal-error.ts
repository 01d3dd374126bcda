import { UserError } from '../release/user-error';

/** Thrown when a rehearsal cannot be done as asked. Carries every problem that was found, one line each. */
export class RehearsalError extends UserError {}
