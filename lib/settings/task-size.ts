import { fargateCpuSizes, fargateMemoryFor } from './fargate-task-size';

/** A number under the name by which the user knows it: a key or a property. */
export interface NamedNumber {
  readonly name: string;

  /** `undefined` when it is not known, as when it could not be read: then it is not judged. */
  readonly value: number | undefined;
}

/** What is wrong, with a number that would be right. */
export interface TaskSizeProblem {
  readonly problem: string;

  /** A memory size in MiB that fits. */
  readonly memory?: number;
}

/** What is wrong with a task size, in words, or `undefined` if Fargate has it. */
export function taskSizeProblem(cpu: NamedNumber, memory: NamedNumber): TaskSizeProblem | undefined {
  const { value: cpuUnits } = cpu;
  const { value: memoryMiB } = memory;
  if (cpuUnits === undefined || memoryMiB === undefined) {
    return undefined;
  }
  const allowed = fargateMemoryFor(cpuUnits);
  if (allowed.length === 0) {
    return { problem: `${cpu.name}: got ${cpuUnits}, expected a CPU size that Fargate has: ${fargateCpuSizes.join(', ')}` };
  }
  return allowed.includes(memoryMiB)
    ? undefined
    : {
        problem:
          `${cpu.name}, ${memory.name}: got ${cpuUnits} and ${memoryMiB}, ` +
          `expected a pair that Fargate has: with ${cpuUnits} CPU units, ${memoryInWords(allowed)} MiB`,
        memory: allowed.find((size) => size >= memoryMiB) ?? allowed.at(-1),
      };
}

/**
 * What is wrong with what the containers of a task ask for, in words, or `undefined` if the task has it.
 *
 * @param parts what the containers ask for; those that are not known are left out
 * @param unit of all numbers, such as `MiB`
 * @param toRaise by what name the size is best raised
 */
export function taskShareProblem(
  parts: readonly NamedNumber[],
  size: NamedNumber,
  unit: string,
  toRaise = size.name,
): string | undefined {
  const known = parts.filter((part): part is NamedNumber & { value: number } => part.value !== undefined);
  const sum = known.reduce((total, { value }) => total + value, 0);
  return size.value !== undefined && sum > size.value
    ? `${known.map(({ name }) => name).join(', ')}: got ${sumInWords(known.map(({ value }) => value))} ${unit}, ` +
        `expected at most the ${size.value} ${unit} of ${size.name}; lower them or raise ${toRaise}`
    : undefined;
}

function memoryInWords(sizes: readonly number[]): string {
  return sizes.length <= 3 ? sizes.join(', ') : `${sizes[0]} to ${sizes.at(-1)} in steps of ${(sizes[1] ?? 0) - (sizes[0] ?? 0)}`;
}

function sumInWords(numbers: readonly number[]): string {
  const sum = numbers.reduce((total, number) => total + number, 0);
  return numbers.length > 1 ? `${numbers.join(' + ')} = ${sum}` : `${sum}`;
}
