import { UserError } from '../release/user-error';

/**
 * Thrown when something cannot run on this machine: a template that cannot be mapped, an Envoy or an app that does not start.
 * Carries every problem that was found, one line each.
 */
export class LocalError extends UserError {}
