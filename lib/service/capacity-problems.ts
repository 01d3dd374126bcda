import { type aws_ecs as ecs, Token } from 'aws-cdk-lib';
import type { SlotName } from '../release/slots';
import { oneOf, wholeNumber } from '../settings/value-type';
import { valueProblem } from './value-problem';

// A task definition for Fargate runs on no other capacity.
const providers = oneOf(['FARGATE', 'FARGATE_SPOT']);

/**
 * What is wrong with what the tasks run on, one line each.
 *
 * @param slot where it was given; without, on the service
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
export function capacityProblems(
  strategies: readonly ecs.CapacityProviderStrategy[] | undefined,
  slot: SlotName | undefined,
): string[] {
  if (strategies === undefined) {
    return [];
  }
  const given = slot === undefined ? '' : ` of ${slot}`;
  const name = `capacityProviderStrategies${given}`;
  if (strategies.length < 1 || strategies.length > 20) {
    return [`${name}: got ${strategies.length}, expected 1 to 20; leave it out to run on Fargate`];
  }
  const names = strategies.map(({ capacityProvider }) => capacityProvider).filter((each) => !Token.isUnresolved(each));
  const withBase = strategies.filter(({ base = 0 }) => Token.isUnresolved(base) || base > 0);
  const wrong = strategies.flatMap(({ capacityProvider, weight, base }) => [
    ...valueProblem<string>(name, capacityProvider, providers),
    ...valueProblem(`weight of ${capacityProvider}${given}`, weight, wholeNumber(0, 1000)),
    ...valueProblem(`base of ${capacityProvider}${given}`, base, wholeNumber(0, 100000)),
  ]);
  if (new Set(names).size < names.length) {
    wrong.push(`${name}: got ${names.join(', ')}, expected each provider once`);
  }
  if (withBase.length > 1) {
    wrong.push(`${name}: got ${withBase.length} providers with a base, expected one at most`);
  }
  // ECS takes a weight that is left out for 0.
  const weights = strategies.map(({ weight = 0 }) => weight);
  const idle = weights.every((weight) => !Token.isUnresolved(weight) && weight === 0);
  return idle
    ? [...wrong, `${name}: got weights ${weights.join(', ')}, expected one of 1 or more; give a provider a weight`]
    : wrong;
}
