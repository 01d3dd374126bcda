import type { AwsClients } from '../aws-clients';

/** A weight of the rule that sends the requests, with the target that has it: an ARN, an id or a name, as the plane says it. */
export interface LiveWeight {
  readonly target: string;
  readonly weight: number;
}

/** How a traffic plane is asked what it does. */
export interface PlaneReading {
  /** The weights that are in force, whoever has set them. */
  weights(clients: AwsClients, route: string): Promise<readonly LiveWeight[]>;

  /**
   * How many tasks behind a target pass the health check of the plane.
   *
   * @default - the plane does not tell
   */
  healthyTargets?(clients: AwsClients, target: string): Promise<number>;
}
