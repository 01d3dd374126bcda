import { UserError } from '../release/user-error';

/** Thrown when the context cannot be used. Carries every problem that was found, one line each. */
export class SettingsError extends UserError {}
