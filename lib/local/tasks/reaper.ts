import { type ChildProcess, spawn } from 'node:child_process';
import type { TaskMarks } from './task-processes';

/** Says that something has ended, or is removed, and needs nobody to look after it any more. */
export type Release = () => void;

/** A task that was started. */
export interface StartedTask<T extends ChildProcess> {
  /** The first of its processes. */
  readonly process: T;

  readonly task: TaskMarks;
  readonly release: Release;
}

/** What has to go when this process ends, in whatever way. */
interface Registration {
  readonly task?: TaskMarks;
  readonly folder?: string;
}

/** For how long the process that waits outlives the last registration, in milliseconds: often the next one is near. */
const idleMs = 1000;
const taskProcesses = require.resolve('./task-processes');
// Compiled it runs by itself. By its path, since the user may stand in any folder.
const loader = taskProcesses.endsWith('.ts') ? [require.resolve('tsx/cjs')] : [];

/**
 * Ends the tasks and removes the folders of this process when it cannot do so itself any more: when it was killed.
 *
 * It is a process of its own that waits at the end of a pipe. It is there while something is registered.
 */
class Reaper {
  private readonly registrations = new Map<number, Registration>();
  private count = 0;
  private waiting: ChildProcess | undefined;
  private idle: NodeJS.Timeout | undefined;

  /**
   * Starts the process of a task that is registered from before its first moment on.
   *
   * @param marks all that is known of the task before it is started
   * @param start starts it as a group of its own, with the mark in its environment
   */
  start<T extends ChildProcess>(marks: TaskMarks, start: () => T): StartedTask<T> {
    const id = this.register({ task: marks });
    try {
      const process = start();
      const task = { ...marks, group: process.pid };
      this.registrations.set(id, { task });
      this.tell(id, { task });
      return { process, task, release: () => this.release(id) };
    } catch (error) {
      this.release(id);
      throw error;
    }
  }

  /** Registers a folder that is removed with all that is in it. */
  folder(folder: string): Release {
    const id = this.register({ folder });
    return () => this.release(id);
  }

  private register(registration: Registration): number {
    const id = this.count;
    this.count += 1;
    this.registrations.set(id, registration);
    clearTimeout(this.idle);
    if (this.waiting === undefined) {
      this.wake();
    } else {
      this.tell(id, registration);
    }
    return id;
  }

  private release(id: number): void {
    if (this.registrations.delete(id)) {
      this.tell(id, {});
      if (this.registrations.size === 0) {
        this.idle = setTimeout(() => this.end(), idleMs).unref();
      }
    }
  }

  private wake(): void {
    // A session of its own, so that no signal of a terminal reaches it; in no folder that the user may want to remove.
    const waiting = spawn(process.execPath, [require.resolve('./reaper-process.cjs'), taskProcesses, ...loader], {
      cwd: '/',
      // What this process was started with may be named relative to its own folder.
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.waiting = waiting;
    const lost = () => {
      if (this.waiting === waiting) {
        this.waiting = undefined;
      }
    };
    waiting.once('error', lost).once('exit', lost);
    waiting.stdin?.on('error', lost);
    // This process may end although that one waits.
    waiting.unref();
    (waiting.stdin as unknown as { unref(): void }).unref();
    for (const [id, registration] of this.registrations) {
      this.tell(id, registration);
    }
  }

  private tell(id: number, registration: Registration): void {
    this.waiting?.stdin?.write(`${JSON.stringify({ id, ...registration })}\n`);
  }

  private end(): void {
    this.waiting?.stdin?.end();
    this.waiting = undefined;
  }
}

/** The one of this process. */
export const reaper = new Reaper();
