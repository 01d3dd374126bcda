// AWS on this machine: an emulator of its APIs, the tasks as processes, and what a template says of traffic, run by a real Envoy. It
// takes templates, ports and commands as values and knows no room above it.

import { UserError } from '../release/user-error';

/**
 * Thrown when something cannot run on this machine: a template that cannot be mapped, an Envoy or an app that does not start.
 * Carries every problem that was found, one line each.
 */
export class LocalError extends UserError {}

/** Thrown when Envoy refuses a configuration: it keeps the one before. */
export class RefusedError extends LocalError {
  /**
   * @param what name of the configuration
   * @param reason what Envoy says
   */
  constructor(
    what: string,
    readonly reason: string,
  ) {
    super(`${what}: Envoy refused the configuration and kept the one before: ${reason}`);
  }
}

/** Thrown when something did not happen in time. It may be broken; or the machine is too busy for it. */
export class TooSlowError extends LocalError {}
