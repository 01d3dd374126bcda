/** How far a rehearsal is. */
export interface RehearsalProgress {
  /** What it does right now. */
  readonly activity: 'checking' | 'starting' | 'changing' | 'holding' | 'counting';

  /** The local port on which requests come in; `undefined` while Envoy does not run. */
  readonly port?: number | undefined;

  /** Index of the step. */
  readonly step: number;

  /** Requests of this step while its split stands still. */
  readonly sent: number;

  /** Of these, answers by slot, so far. */
  readonly observed: Readonly<Record<string, number>>;

  /** Failures of this step, so far. */
  readonly failed: number;
  readonly settleMs: number | undefined;

  /** Since the first request. */
  readonly total: { readonly requests: number; readonly failed: number; readonly elapsedMs: number };
}
