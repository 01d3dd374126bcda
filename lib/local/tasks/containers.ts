import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that run containers, and take the same words as Docker. */
export const containerEngines = ['docker', 'podman', 'nerdctl', 'finch'] as const;

/** How long a program may take to say which containers run, or to kill one, in milliseconds. */
const patienceMs = 10_000;

/** A container that runs. */
export interface Container {
  /** The program that started it, such as `docker`. */
  readonly engine: string;
  readonly id: string;
}

/** The programs that run containers and that a shell command names. */
export function enginesIn(command: string): readonly string[] {
  return containerEngines.filter((engine) => new RegExp(`\\b${engine}\\b`).test(command));
}

/**
 * The containers that publish a local port. Their processes are no children of the program that started them, and outlive it.
 *
 * @param engines the programs to ask; one that is not there, or whose service does not run, knows of none
 */
export async function containersOn(port: number, engines: readonly string[]): Promise<readonly Container[]> {
  const found = await Promise.all(
    engines.map(async (engine) => {
      // Not all of them can filter by port, but all write the ports in the same way, several in a row as a range.
      const lines = await words(engine, ['ps', '--no-trunc', '--format', '{{.ID}} {{.Ports}}']);
      return lines.split('\n').flatMap((line) => {
        const [id = '', ...ports] = line.trim().split(' ');
        return publishes(ports.join(' '), port) ? [{ engine, id }] : [];
      });
    }),
  );
  return found.flat();
}

/**
 * Asks a container to end with the signal that its image names, as ECS does it, and kills it when it does not.
 *
 * @returns whether it ended in time
 */
export async function stopContainer({ engine, id }: Container, patience: number): Promise<boolean> {
  const began = performance.now();
  await words(engine, ['stop', '-t', `${Math.ceil(patience / 1000)}`, id], patience + patienceMs);
  return performance.now() - began < patience;
}

/** Kills a container. */
export async function killContainer({ engine, id }: Container): Promise<void> {
  await words(engine, ['kill', id]);
}

function publishes(ports: string, port: number): boolean {
  return [...ports.matchAll(/:(\d+)(?:-(\d+))?->/g)].some(
    ([, first, last = first]) => Number(first) <= port && port <= Number(last),
  );
}

async function words(engine: string, parameters: readonly string[], timeout = patienceMs): Promise<string> {
  try {
    return (await run(engine, [...parameters], { timeout, env: process.env })).stdout;
  } catch {
    return '';
  }
}
