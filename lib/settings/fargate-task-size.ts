// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
const memoryByCpu: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16384, 1024)],
  [4096, steps(8192, 30720, 1024)],
  [8192, steps(16384, 61440, 4096)],
  [16384, steps(32768, 122880, 8192)],
]);

/** The task CPU sizes of Fargate, in CPU units. */
export const fargateCpuSizes: readonly number[] = [...memoryByCpu.keys()];

/** The memory sizes, in MiB, that Fargate offers with a CPU size. */
export function fargateMemoryFor(cpu: number): readonly number[] {
  return memoryByCpu.get(cpu) ?? [];
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}
