import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { ReleaseStep } from '../../release/release';
import { type ExitCode, exitCodes } from '../exit-codes';
import { NoAnswerError } from '../no-answer';
import { withCommands } from '../screen/parts';
import type { Check } from './check';
import type { Sight } from './sight';

/** A step before which is waited. */
export interface GateKeeping {
  /** Looks at the service. */
  look(): Promise<Sight>;

  /** The step that is the next one for what is seen; `undefined`: there is none. */
  stepFor(sight: Sight): ReleaseStep | undefined;

  /** The checks of that step. */
  check(step: ReleaseStep, sight: Sight): Promise<readonly Check[]>;

  /** Is told of each look. */
  show(step: ReleaseStep, sight: Sight, checks: readonly Check[]): void;

  /** Is told when AWS gave no answer, which is waited for too. */
  showNoAnswer(error: NoAnswerError): void;

  /** How long to wait at most, in milliseconds. */
  readonly timeoutMs: number;

  /** How long to wait from one look to the next, in milliseconds. */
  readonly pauseMs: number;

  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** What came of waiting. */
export interface GateResult {
  readonly sight: Sight;

  /** `undefined`: there is no step to make. */
  readonly step: ReleaseStep | undefined;
  readonly checks: readonly Check[];

  /** `undefined`: the step may be made. */
  readonly refused: { readonly exitCode: ExitCode; readonly problems: readonly string[] } | undefined;
}

/**
 * Looks again and again until a step may be made, must not be made, or the time is over.
 *
 * @throws NoAnswerError when AWS gives none until the time is over; the reason of the signal when it is given while this waits
 */
export async function waitAtGate(keeping: GateKeeping): Promise<GateResult> {
  const until = performance.now() + keeping.timeoutMs;
  for (;;) {
    const result = await unlessStopped(lookOnce(keeping), keeping.signal).catch((error: unknown) => {
      if (!(error instanceof NoAnswerError) || performance.now() >= until) {
        throw error;
      }
      keeping.showNoAnswer(error);
      return undefined;
    });
    if (result && (result.refused?.exitCode !== exitCodes.waiting || performance.now() >= until)) {
      return result;
    }
    await wait(Math.max(0, Math.min(keeping.pauseMs, until - performance.now())), undefined, { signal: keeping.signal });
  }
}

// AWS may leave a call without an answer for long.
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const stopped = once(signal, 'abort', { signal: over.signal }).then(() => Promise.reject(signal.reason));
  // Once the work is done, nobody waits for it any more.
  stopped.catch(() => {});
  return Promise.race([work, stopped]).finally(() => over.abort());
}

async function lookOnce(keeping: GateKeeping): Promise<GateResult> {
  const sight = await keeping.look();
  const step = keeping.stepFor(sight);
  if (step === undefined) {
    return { sight, step, checks: [], refused: undefined };
  }
  const checks = await keeping.check(step, sight);
  keeping.show(step, sight, checks);
  return { sight, step, checks, refused: refusalOf(checks) };
}

/** Why a step must not be made, or not yet; `undefined`: it may. What cannot be true at the same time is told before what is not good. */
export function refusalOf(checks: readonly Check[]): GateResult['refused'] {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    const code = failed.map(({ exitCode = exitCodes.refused }) => exitCode);
    const exitCode = code.includes(exitCodes.differs) ? exitCodes.differs : exitCodes.refused;
    return { exitCode, problems: failed.map(({ sentence, mend }) => withCommands(sentence, mend)) };
  }
  const waiting = checks.filter(({ verdict }) => verdict === 'inconclusive');
  return waiting.length > 0
    ? { exitCode: exitCodes.waiting, problems: waiting.map(({ sentence, mend }) => withCommands(sentence, mend)) }
    : undefined;
}
