import * as fc from 'fast-check';
import { fargateCpuSizes, fargateMemoryFor } from '../../lib/settings/fargate-task-size';
import { taskShareProblem, taskSizeProblem } from '../../lib/settings/task-size';

const cpu = (value: number | undefined) => ({ name: 'cpu', value });
const memory = (value: number | undefined) => ({ name: 'memory', value });

test.each<[number | undefined, number | undefined, ReturnType<typeof taskSizeProblem>]>([
  [256, 512, undefined],
  [undefined, 3, undefined],
  [3, undefined, undefined],
  [300, 512, { problem: 'cpu: got 300, expected a CPU size that Fargate has: 256, 512, 1024, 2048, 4096, 8192, 16384' }],
  [
    256,
    600,
    {
      problem: 'cpu, memory: got 256 and 600, expected a pair that Fargate has: with 256 CPU units, 512, 1024, 2048 MiB',
      memory: 1024,
    },
  ],
  [
    512,
    9000,
    {
      problem:
        'cpu, memory: got 512 and 9000, expected a pair that Fargate has: with 512 CPU units, 1024 to 4096 in steps of 1024 MiB',
      memory: 4096,
    },
  ],
])('%s CPU units with %s MiB', (cpuUnits, memoryMiB, problem) => {
  expect(taskSizeProblem(cpu(cpuUnits), memory(memoryMiB))).toEqual(problem);
});

test('a pair has no problem exactly when Fargate has it, and the memory that is proposed is one that it has', () => {
  fc.assert(
    fc.property(fc.constantFrom(...fargateCpuSizes), fc.integer({ min: 0, max: 130_000 }), (cpuUnits, memoryMiB) => {
      const problem = taskSizeProblem(cpu(cpuUnits), memory(memoryMiB));
      const sizes = fargateMemoryFor(cpuUnits);
      expect(problem === undefined).toBe(sizes.includes(memoryMiB));
      if (problem) {
        expect(sizes).toContain(problem.memory);
      }
    }),
  );
});

test('another name to raise the size by', () => {
  expect(taskShareProblem([{ name: 'app', value: 2 }], memory(1), 'MiB', 'greenMemory')).toBe(
    'app: got 2 MiB, expected at most the 1 MiB of memory; lower them or raise greenMemory',
  );
});

test.each<[readonly (number | undefined)[], number | undefined, string | undefined]>([
  [[], 100, undefined],
  [[100], 100, undefined],
  [[undefined, 100], 100, undefined],
  [[500], undefined, undefined],
  [[101], 100, 'part0: got 101 MiB, expected at most the 100 MiB of memory; lower them or raise memory'],
  [
    [60, undefined, 41],
    100,
    'part0, part2: got 60 + 41 = 101 MiB, expected at most the 100 MiB of memory; lower them or raise memory',
  ],
])('parts %j in %s', (parts, size, problem) => {
  expect(
    taskShareProblem(
      parts.map((value, index) => ({ name: `part${index}`, value })),
      memory(size),
      'MiB',
    ),
  ).toBe(problem);
});
