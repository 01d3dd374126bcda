import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Container, containerEngines, containersOn, killContainer, stopContainer } from './containers';
import { processTable, type RunningProcess } from './process-table';

/** The environment variable by which the processes of a task are found, wherever they went. */
export const taskVariable = 'REHEARSAL_TASK';

/** By what the processes of a task are known. */
export interface TaskMarks {
  /** Value of `REHEARSAL_TASK` in the environment of all that the task starts. */
  readonly mark: string;

  /** When it was started, as `Date.now()`: what has been running for longer is no part of it. */
  readonly startedAt: number;

  /** Number of its process group; `undefined` before it has one. */
  readonly group?: number;

  /** The local port on which it listens; `undefined`: on none that only it may have. */
  readonly port?: number;

  /** Programs that may have started containers for it. */
  readonly engines?: readonly string[];

  /**
   * How long it has to end after SIGTERM, in milliseconds.
   *
   * @default 10 000
   */
  readonly stopPatienceMs?: number;
}

/** How long a task has to end after SIGTERM when nothing else is said, in milliseconds. */
export const defaultStopPatienceMs = 10_000;

/** How long what was killed may take to go, in milliseconds. The system does it at once, unless it has a lot to do. */
const killPatienceMs = 10_000;

/** By so much the age of a process may be wrong, in milliseconds. */
const ageErrorMs = 1000;
const pollMs = 10;
const table = processTable();

/** How long whoever listens may take to say whether he takes a connection, in milliseconds. */
const connectPatienceMs = 2000;

/**
 * Asks all that belongs to a task to end, waits until it has, and kills what did not end in time.
 *
 * Whoever listens on the port is asked first, and the rest when he has gone: what he writes at the end needs somebody who reads it.
 *
 * @returns whether all ended by themselves
 */
export async function stopTask(task: TaskMarks): Promise<boolean> {
  const stopping = new Stopping(task);
  await stopping.containers(await namedContainers(task));
  await stopping.processes(await ownListeners(task));
  await stopping.processes(await ownProcesses(task), task.group);
  await stopping.containers(await otherContainers(task));
  await stopping.processes(await listeners(task));
  await killTask(task);
  return stopping.allEnded;
}

/** Kills all that belongs to a task, and waits until it is gone. */
export async function killTask(task: TaskMarks): Promise<void> {
  await Promise.all((await namedContainers(task)).map(killContainer));
  await killProcesses(task, ownProcesses);
  await Promise.all((await otherContainers(task)).map(killContainer));
  await killProcesses(task, listeners);
}

/** Whether somebody takes connections on a local port. */
export function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    // Whoever is too busy to take one more is there.
    socket.setTimeout(connectPatienceMs, () => answer(true));
  });
}

async function ownProcesses({ mark, group }: TaskMarks): Promise<readonly RunningProcess[]> {
  const all = await table.list(`${taskVariable}=${mark}`);
  return withDescendants(
    all,
    all.filter((each) => each.marked || each.group === group),
  );
}

// A server that writes over its own environment and leaves its group is known by its port only. What forwards ports for
// containers may listen there too, but has been running for longer.
async function listeners({ port, startedAt }: TaskMarks): Promise<readonly RunningProcess[]> {
  const found = port === undefined ? [] : await table.listeners(port);
  if (found.length === 0) {
    return [];
  }
  const all = await table.list();
  const longest = Date.now() - startedAt + ageErrorMs;
  return withDescendants(
    all,
    all.filter(({ pid, ageMs }) => found.includes(pid) && ageMs <= longest),
  );
}

async function ownListeners(task: TaskMarks): Promise<readonly RunningProcess[]> {
  const found = task.port === undefined ? [] : await table.listeners(task.port);
  return found.length === 0 ? [] : (await ownProcesses(task)).filter(({ pid }) => found.includes(pid));
}

async function namedContainers({ port, startedAt, engines = [] }: TaskMarks): Promise<readonly Container[]> {
  return port === undefined || engines.length === 0 ? [] : containersOn(port, engines, startedAt);
}

// A script may start containers as well, and then its name does not tell.
async function otherContainers({ port, startedAt }: TaskMarks): Promise<readonly Container[]> {
  return port === undefined || !(await takesConnections(port)) ? [] : containersOn(port, containerEngines, startedAt);
}

function withDescendants(all: readonly RunningProcess[], found: readonly RunningProcess[]): readonly RunningProcess[] {
  const pids = new Set(found.map(({ pid }) => pid));
  let before = 0;
  while (pids.size > before) {
    before = pids.size;
    for (const { pid } of all.filter(({ parent }) => pids.has(parent))) {
      pids.add(pid);
    }
  }
  return all.filter(({ pid }) => pids.has(pid) && pid !== process.pid);
}

// Again and again, since what is killed may have started something a moment before.
async function killProcesses(task: TaskMarks, find: (task: TaskMarks) => Promise<readonly RunningProcess[]>): Promise<void> {
  const deadline = performance.now() + killPatienceMs;
  let killed: readonly RunningProcess[];
  do {
    killed = send(task.group, await find(task), 'SIGKILL');
  } while (killed.length > 0 && (await gone(killed, deadline)));
}

// A group as a whole: what it has started since then gets the signal as well.
function send(
  group: number | undefined,
  processes: readonly RunningProcess[],
  signal: NodeJS.Signals,
): readonly RunningProcess[] {
  const members = processes.filter((each) => each.group === group);
  const others = processes.filter((each) => each.group !== group);
  const whole = group !== undefined && members.length > 0 && reaches(-group, signal);
  return [...(whole ? members : []), ...others.filter(({ pid }) => reaches(pid, signal))];
}

// What has just ended, or belongs to another user, gets none.
function reaches(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function gone(processes: readonly RunningProcess[], deadline: number): Promise<boolean> {
  for (const { pid } of processes) {
    while (await table.runs(pid)) {
      if (performance.now() > deadline) {
        return false;
      }
      await wait(pollMs);
    }
  }
  return true;
}

/** The time that a task has to end, and who was asked to. */
class Stopping {
  /** Whether all that were asked ended by themselves. */
  allEnded = true;
  private readonly asked = new Set<number>();
  private leftMs: number;

  constructor({ stopPatienceMs = defaultStopPatienceMs }: TaskMarks) {
    this.leftMs = stopPatienceMs;
  }

  async containers(containers: readonly Container[]): Promise<void> {
    await this.inTime(() => Promise.all(containers.map((container) => stopContainer(container, this.leftMs))));
  }

  // Each process gets the signal once, since many take the second one for an order to drop everything.
  async processes(processes: readonly RunningProcess[], group?: number): Promise<void> {
    const others = processes.filter(({ pid }) => !this.asked.has(pid));
    for (const { pid } of others) {
      this.asked.add(pid);
    }
    const reached = send(others.length === processes.length ? group : undefined, others, 'SIGTERM');
    await this.inTime(async () => [await gone(reached, performance.now() + this.leftMs)]);
  }

  // Only waiting takes its time, and not the search for whom to ask.
  private async inTime(end: () => Promise<readonly boolean[]>): Promise<void> {
    const began = performance.now();
    const ended = await end();
    this.leftMs = Math.max(0, this.leftMs - (performance.now() - began));
    this.allEnded &&= ended.every((each) => each);
  }
}
