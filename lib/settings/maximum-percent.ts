import type { NamedNumber } from './task-size';

/** How many tasks a slot that scales may have when new ones are to start, whatever its minimum is from now on. */
export const oneTask: NamedNumber = { name: 'the tasks of a slot that scales', value: 1 };

/** What is wrong, with a number that would be right. */
export interface MaximumPercentProblem {
  readonly problem: string;

  /** The smallest percentage that lets a rollout go on. */
  readonly percent: number;
}

/**
 * What is wrong with how many tasks of a slot may run during a rollout, in percent, or `undefined` when one more than usual may. ECS
 * rounds down to whole tasks, and here it keeps all the old ones until a new one is there.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function maximumPercentProblem(percent: NamedNumber, count: NamedNumber): MaximumPercentProblem | undefined {
  if (percent.value === undefined || count.value === undefined) {
    return undefined;
  }
  const least = Math.ceil((100 * (count.value + 1)) / count.value);
  return percent.value >= least
    ? undefined
    : {
        problem:
          `${percent.name}: got ${percent.value}, expected at least ${least} with ${count.value} of ${count.name}, ` +
          'so that a new task can start beside the others',
        percent: least,
      };
}
