import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that run containers, and take the same words as Docker. */
export const containerEngines = ['docker', 'podman', 'nerdctl', 'finch'] as const;

/** How long a program may take to say which containers run, or to kill one, in milliseconds. */
const patienceMs = 10_000;

/** The service of a program may run on another machine, such as a virtual one: by so much its clock may be wrong, in milliseconds. */
const clockErrorMs = 5000;

/** Exit code of what was killed: 128 and the number of SIGKILL. */
const killedCode = '137';

/** Programs that said nothing in time. Whoever waits for them once more only waits longer. */
const silent = new Set<string>();

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
 * @param engines the programs to ask; one that is not there, or whose service does not answer, knows of none
 * @param startedAt as `Date.now()`: those that were started before are left out
 */
export async function containersOn(port: number, engines: readonly string[], startedAt: number): Promise<readonly Container[]> {
  const asked = engines.filter((engine) => !silent.has(engine));
  const found = await Promise.all(
    asked.map(async (engine) => {
      // Not all of them can filter by port, but all write the ports in the same way, several in a row as a range.
      const lines = (await words(engine, ['ps', '--no-trunc', '--format', '{{.ID}} {{.Ports}}'])).split('\n');
      const ids = lines.flatMap((line) => {
        const [id = '', ...ports] = line.trim().split(' ');
        return publishes(ports.join(' '), port) ? [id] : [];
      });
      const ages = await Promise.all(ids.map((id) => startOf(engine, id)));
      return ids.filter((_, index) => (ages[index] ?? startedAt) >= startedAt - clockErrorMs).map((id) => ({ engine, id }));
    }),
  );
  return found.flat();
}

/**
 * Asks a container to end with the signal that its image names, as ECS does it, and kills it when it does not.
 *
 * @param patience in milliseconds
 * @returns whether it ended by itself
 */
export async function stopContainer({ engine, id }: Container, patience: number): Promise<boolean> {
  const seconds = Math.ceil(patience / 1000);
  const timeout = seconds * 1000 + patienceMs;
  // Asked before, since one that was started with --rm leaves nothing that could be asked afterwards.
  const ended = words(engine, ['wait', id], timeout);
  await words(engine, ['stop', '-t', `${seconds}`, id], timeout);
  return (await ended).trim() !== killedCode;
}

/** Kills a container. */
export async function killContainer({ engine, id }: Container): Promise<void> {
  await words(engine, ['kill', id]);
}

// As `127.0.0.1:8080->80/tcp, [::]:8080->80/tcp`; older ones write `:::8080`.
function publishes(ports: string, port: number): boolean {
  return ports.split(', ').some((each) => {
    const [, first, last = first] = /^(?:127\.0\.0\.1|0\.0\.0\.0|::|\[::1?\]):(\d+)(?:-(\d+))?->[\d-]+\/tcp$/.exec(each) ?? [];
    return Number(first) <= port && port <= Number(last);
  });
}

// As `Date.now()`; as JSON, since otherwise each program has its own way to write a time.
async function startOf(engine: string, id: string): Promise<number | undefined> {
  const started = Date.parse((await words(engine, ['inspect', '--format', '{{json .State.StartedAt}}', id])).trim().slice(1, -1));
  return Number.isNaN(started) ? undefined : started;
}

async function words(engine: string, parameters: readonly string[], timeout = patienceMs): Promise<string> {
  try {
    return (await run(engine, [...parameters], { timeout, killSignal: 'SIGKILL', env: process.env })).stdout;
  } catch (error) {
    if ((error as { killed?: boolean }).killed) {
      silent.add(engine);
    }
    return '';
  }
}
