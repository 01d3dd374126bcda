import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A process of this machine that has not ended. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;

  /** Number of its process group. */
  readonly group: number;

  /** How long it has been running, in milliseconds; may be a second too low. */
  readonly ageMs: number;

  /** Whether it bears the mark that was looked for. */
  readonly marked: boolean;
}

/** Looks at the processes of this machine. */
export interface ProcessTable {
  /**
   * All processes.
   *
   * @param mark words that a process bears in its environment if it belongs to what is looked for; `undefined`: look for none
   */
  readonly list: (mark?: string) => Promise<readonly RunningProcess[]>;

  /** The processes that take connections on a local port. */
  readonly listeners: (port: number) => Promise<readonly number[]>;

  /** Whether a process runs still; one that has ended and that nobody asked for yet does not. */
  readonly runs: (pid: number) => Promise<boolean>;
}

const ended = /^[ZX]/;

/** From the files of Linux. No program is needed for it, which a slim container image may lack. */
const linux: ProcessTable = {
  list: async (mark) => {
    const processes: RunningProcess[] = [];
    const upMs = Number.parseFloat(read('/proc/uptime')) * 1000;
    for await (const pid of pids()) {
      const { startMs = 0, ...state } = stateOf(pid) ?? {};
      if ('parent' in state) {
        const marked = mark !== undefined && read(`/proc/${pid}/environ`).includes(mark);
        processes.push({ pid, ...state, ageMs: upMs - startMs, marked });
      }
    }
    return processes;
  },
  listeners: async (port) => {
    // Beside what this process does: for some ten thousand connections the system takes a tenth of a second to write the table.
    const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')));
    const sockets = new Set(tables.flatMap((each) => listeningSockets(each, port)));
    const found: number[] = [];
    if (sockets.size > 0) {
      for await (const pid of pids()) {
        if (openFiles(pid).some((file) => sockets.has(file))) {
          found.push(pid);
        }
      }
    }
    return found;
  },
  runs: async (pid) => stateOf(pid) !== undefined,
};

/** From `ps` and `lsof`, which macOS has. */
const others: ProcessTable = {
  list: async (mark) => {
    // What shows the environment behind the command: -E on macOS, e elsewhere.
    const environment = process.platform === 'darwin' ? '-axEww' : 'axeww';
    const lines = await output('ps', [environment, '-o', 'pid=,ppid=,pgid=,stat=,etime=,command=']);
    return lines.flatMap((line) => {
      const [pid, parent, group, state = 'X', age = '', ...command] = line.trim().split(/\s+/);
      const numbers = { pid: Number(pid), parent: Number(parent), group: Number(group), ageMs: milliseconds(age) };
      return ended.test(state) ? [] : [{ ...numbers, marked: mark !== undefined && command.includes(mark) }];
    });
  },
  listeners: async (port) => (await output('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'])).map(Number),
  runs: async (pid) => (await output('ps', ['-o', 'stat=', '-p', `${pid}`])).some((state) => !ended.test(state)),
};

/** The process table of a platform. */
export function processTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  return platform === 'linux' ? linux : others;
}

// In small parts, so that whoever measures in this process is not held up.
async function* pids(): AsyncGenerator<number> {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const [index, name] of names.entries()) {
    if (index % 16 === 15) {
      await nextTurn();
    }
    yield Number(name);
  }
}

// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name stands in brackets, and may have some in it; the
// start is the 22nd field, in hundredths of a second since the machine was started.
function stateOf(pid: number): { parent: number; group: number; startMs: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', parent, group] = fields;
  return stat === '' || ended.test(state)
    ? undefined
    : { parent: Number(parent), group: Number(group), startMs: Number(fields[19]) * 10 };
}

// As ps writes it: days-hours:minutes:seconds, from the right as many as there are.
function milliseconds(elapsed: string): number {
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = elapsed.split(/[-:]/).reverse().map(Number);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

// https://docs.kernel.org/networking/proc_net_tcp.html: local address, remote address, state (0A: listening), ..., inode.
function listeningSockets(table: string, port: number): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .filter((line) => line.includes(local))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address, , state]) => address?.endsWith(local) && state === '0A')
    .map((columns) => `socket:[${columns[9]}]`);
}

function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return whatIsThere(() => readdirSync(folder), []).map((file) => whatIsThere(() => readlinkSync(`${folder}/${file}`), ''));
}

function read(file: string): string {
  return whatIsThere(() => readFileSync(file, 'latin1'), '');
}

// A process may have just ended, or belong to somebody else.
function whatIsThere<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

function output(program: string, words: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    // Both end with 1 when they found none.
    execFile(program, words, { maxBuffer: 64 * 1024 * 1024 }, (_, stdout) =>
      resolve(stdout.split('\n').filter((line) => line.trim() !== '')),
    );
  });
}
