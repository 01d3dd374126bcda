import type { TargetHealth, TaskPorts } from '../emulator/follower';

/** A task that can get requests. */
export interface RegisteredTask {
  /** Of all tasks no other has it. */
  readonly id: string;

  /** ARN of its service. */
  readonly service: string;
  readonly ports: TaskPorts;
}

/** Where the tasks of services get their requests from: the traffic planes. */
export interface Registrar {
  /**
   * Has requests sent to a task as soon as every plane behind which its service is finds it healthy.
   *
   * @param onHealth told when what the planes say of the task changes: the worst of them. A service behind none is healthy at once,
   *   one with a target group that no rule leads to never
   */
  register(task: RegisteredTask, onHealth: (health: TargetHealth) => void): Promise<void>;

  /** Takes a task out of the routes: when this is done, no new request goes to it. Requests under way go on. */
  deregister(task: RegisteredTask): Promise<void>;

  /** Waits until no request is under way to a task that is out of the routes, for as long as its planes drain at most. */
  drained(task: RegisteredTask, signal: AbortSignal): Promise<void>;
}
