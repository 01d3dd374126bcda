/** A request at a task, or on its way there. */
export interface RequestTry {
  /** Id of the way in. */
  readonly wayIn: string;

  /** When it began, as `Date.now()`. */
  readonly startedAt: number;

  /** Until the last byte of the answer, in milliseconds. */
  readonly durationMs: number;

  /** What the task answered; 0: nothing. */
  readonly status: number;

  /** Why the task did not answer, or not to the end, in Envoy's short codes. Empty: it answered. */
  readonly flags: readonly string[];

  /** The same in Envoy's words, such as `via_upstream`; empty: it has none. */
  readonly details: string;

  /** Name of the route that took it; `undefined`: none did. */
  readonly route: string | undefined;

  /** Name of the target that was chosen; `undefined`: none, as for an answer that the rules hold. */
  readonly target: string | undefined;

  /** Label of its slot; `undefined`: none. */
  readonly slot: string | undefined;

  /** The local port of the task that was asked last; `undefined`: none was asked. */
  readonly port: number | undefined;

  /** From its last byte to the headers of the task's answer, in milliseconds; `undefined`: no task answered. */
  readonly upstreamMs: number | undefined;

  /** `undefined`: it was no HTTP. */
  readonly method: string | undefined;

  /** As the client wrote it, with the query. */
  readonly path: string | undefined;

  /** The host that the client asked for. */
  readonly host: string | undefined;

  /** What the client says that it is. */
  readonly agent: string | undefined;

  /** Value of `x-request-id`, which Envoy adds. */
  readonly requestId: string | undefined;

  /** Addresses of clients, as those who sent the request on say it. */
  readonly forwardedFor: string | undefined;

  /** Such as `HTTP/1.1`. */
  readonly protocol: string | undefined;

  /** Of the body, in bytes. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/**
 * A request that has come to its end at a way in. Its time is that of the client: from its first byte on. So is its status: what the client
 * got; 0: nothing, it did not wait.
 */
export interface AnsweredRequest extends RequestTry {}
