/** A request that has come to its end at a way in. */
export interface AnsweredRequest {
  /** Id of the way in. */
  readonly wayIn: string;

  /** When it came, as `Date.now()`. */
  readonly startedAt: number;

  /** From its first byte to the last byte of the answer, in milliseconds. */
  readonly durationMs: number;

  /** What the client got; 0: nothing, it did not wait. */
  readonly status: number;

  /** Why a task did not answer, or not to the end, in Envoy's short codes. Empty: a task answered. */
  readonly flags: readonly string[];

  /** Name of the target that was chosen; `undefined`: none, as for an answer that the rules hold. */
  readonly target: string | undefined;

  /** Label of its slot; `undefined`: none. */
  readonly slot: string | undefined;

  /** The local port of the task that was asked last; `undefined`: none was asked. */
  readonly port: number | undefined;
}
