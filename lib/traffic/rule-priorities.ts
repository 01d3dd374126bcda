import { createHash } from 'node:crypto';
import { slotNames } from '../release/slots';

/** The rules of a service behind a load balancer: a preview of each slot, and production. */
const rulesPerService = slotNames.length + 1;

const deepestPath = 9;
const depths = 2 * deepestPath + 2;

/**
 * A load balancer has priorities from 1 to this one. No service takes it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export const lastPriority = 50_000;

const bandSize = Math.floor((lastPriority - 1) / depths / rulesPerService) * rulesPerService;

/** How many services can have path prefixes of the same depth. */
export const rulePositions = bandSize / rulesPerService;

/**
 * The priorities of the rules of the services behind one load balancer.
 *
 * They follow from each service alone, and not from what other services there are or in what order they come: a rule cannot take a
 * priority that another one still has, so what moves when a service goes would fail. The first rule that matches takes the request, so
 * the deeper path comes first; among paths of one depth, which exclude each other, the name of the service says the position.
 */
export class RulePriorities {
  private readonly owners = new Map<number, string>();

  /**
   * Takes three priorities in a row for a service.
   *
   * @param position the position among the services with paths of the same depth, from 0; without, one that follows from the name
   * @returns the first of the three
   * @throws Error when another service has this position already, or the path is too deep
   */
  claim(service: string, pathPrefix: string, position = positionOf(service)): number {
    const depth = depthOf(pathPrefix);
    if (depth >= depths) {
      throw new Error(
        `path prefix of ${service}: got "${pathPrefix}", expected at most ${deepestPath} parts between slashes, since the deeper path ` +
          'comes first and priorities are few; use a shorter pathPrefix',
      );
    }
    const first = 1 + (depths - 1 - depth) * bandSize + rulesPerService * position;
    const owner = this.owners.get(first);
    if (owner !== undefined) {
      throw new Error(
        `rule position of ${service}: got ${position}, expected one that ${owner} on the same load balancer does not have; ` +
          `set rulePosition of ${service}, for example to ${this.freePosition(first)}, and leave it at that`,
      );
    }
    this.owners.set(first, service);
    return first;
  }

  private freePosition(taken: number): number {
    const band = taken - ((taken - 1) % bandSize);
    const positions = Array.from(
      { length: rulePositions },
      (_, index) => (index + (taken - band) / rulesPerService) % rulePositions,
    );
    return positions.find((position) => !this.owners.has(band + rulesPerService * position)) ?? 0;
  }
}

// `/` is above all, `/shop` above `/shop/`, which is above `/shop/new`.
function depthOf(pathPrefix: string): number {
  const parts = pathPrefix.split('/').slice(1);
  return pathPrefix === '/' ? 0 : 2 * parts.length - (parts.at(-1) === '' ? 1 : 0);
}

function positionOf(service: string): number {
  return createHash('sha256').update(service).digest().readUInt32BE() % rulePositions;
}
