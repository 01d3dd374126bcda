import type { LogLine, LogLines } from '../emulator/measured-minute';
import type { RequestTry } from '../envoy/answered-request';
import type { MeshAccessLog } from '../routes/mesh-access-log';
import { accessLogLine } from './access-log-line';

/**
 * How long the Envoy of a task waited for its app, in milliseconds, where a node said nothing of it.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-defaults.html
 */
const nodeTimeoutMs = 15_000;

/** Two clocks that begin with the same request are not closer than this, in milliseconds. */
const clockMs = 100;

/** What the Envoys of tasks have written in one minute. */
export class TaskLogs {
  private readonly streams = new Map<string, Omit<LogLines, 'lines'> & { readonly lines: LogLine[] }>();

  /** @param task id of the task */
  note({ format, log }: MeshAccessLog, task: string, request: RequestTry): void {
    const { logGroup, streamPrefix } = log;
    const logStream = `${streamPrefix}${task}`;
    const key = `${logGroup} ${logStream}`;
    const stream = this.streams.get(key) ?? { logGroup, logStream, lines: [] };
    this.streams.set(key, stream);
    stream.lines.push({ at: request.startedAt + request.durationMs, message: accessLogLine(format, request) });
  }

  /** All of it. */
  get logs(): readonly LogLines[] {
    return [...this.streams.values()];
  }
}

/**
 * A try as the Envoy of the task saw it, which stood between the one that asked and the app: here one Envoy stands for both. Where the app did
 * not answer, that one did.
 */
export function asNodeSaw(tried: RequestTry): RequestTry {
  const { status, flags, durationMs } = tried;
  if (status > 0) {
    return tried;
  }
  const broken = flags.find((flag) => flag in answersOfNode);
  if (broken !== undefined) {
    return { ...tried, status: answersOfNode[broken] ?? 0, flags: [broken] };
  }
  // Whoever asked waits no longer. If it has waited as long as the node does, the node was first.
  return durationMs >= nodeTimeoutMs - clockMs
    ? { ...tried, status: 504, flags: ['UT'] }
    : { ...tried, status: 0, flags: ['DC'] };
}

// What Envoy answers when the app breaks off:
// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags
const answersOfNode: Readonly<Record<string, number>> = { UF: 503, UC: 503, UR: 503, LR: 503, UPE: 502 };
