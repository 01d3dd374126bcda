import { setTimeout as wait } from 'node:timers/promises';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../aws-clients';
import { exitCodes } from '../exit-codes';
import { answered } from '../no-answer';
import { OperateError } from '../operate-error';
import { stackCondition } from './stack-status';

/** How a stack is, of the little that is asked again and again. */
export interface StackProgress {
  /** Such as `UPDATE_IN_PROGRESS`. */
  readonly status: string;

  /** What CloudFormation says to the status. */
  readonly statusReason: string | undefined;
}

/** For what is waited, and how. */
export interface StackWait {
  /**
   * When its last operation began before the one that is waited for, so that the end of the old one is not taken for that of the new one.
   *
   * @default - what is waited for is under way already
   */
  readonly changedAt?: Date;

  /** The command that shows how the stack stands, for when it takes too long. */
  readonly watchCommand: string;

  /** How long to wait at most, in milliseconds. @default an hour */
  readonly limitMs?: number;

  /** Told of each status, as it comes. */
  readonly onStatus?: (progress: StackProgress) => void;
}

/** A service that does not get stable holds up an update for longer; then somebody has to look. */
const usualLimitMs = 60 * 60_000;

// A change of weights takes seconds; what takes longer is asked for less often. AWS answers about ten such calls per second and account.
const [shortestPauseMs, longestPauseMs, longer] = [100, 2000, 1.3] as const;

/** So long may an update that was taken not be seen yet. */
const unseenMs = 10_000;

/**
 * Waits until CloudFormation is at work on a stack no more.
 *
 * @param stack its name or, so that one is found that is gone, its ARN
 * @throws OperateError when it takes too long; an `AbortError` when the signal says so
 */
export async function waitForStack(
  { cloudFormation }: Pick<AwsClients, 'cloudFormation'>,
  stack: string,
  { changedAt, watchCommand, limitMs = usualLimitMs, onStatus }: StackWait,
  signal: AbortSignal,
): Promise<StackProgress> {
  const begun = performance.now();
  let told: string | undefined;
  for (let pauseMs: number = shortestPauseMs; ; pauseMs = Math.min(pauseMs * longer, longestPauseMs)) {
    signal.throwIfAborted();
    const describe = () => cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
    const { Stacks: [found] = [] } = await answered(describe, {
      limitMs: limitMs - (performance.now() - begun),
      pauseMs: longestPauseMs,
      signal,
    });
    const progress = { status: found?.StackStatus ?? '', statusReason: found?.StackStatusReason || undefined };
    if (progress.status !== told) {
      told = progress.status;
      onStatus?.(progress);
    }
    const tookMs = performance.now() - begun;
    const isBusy = stackCondition(progress.status).kind === 'busy';
    const isOld = changedAt !== undefined && found?.LastUpdatedTime?.getTime() === changedAt.getTime() && tookMs < unseenMs;
    if (!isBusy && !isOld) {
      return progress;
    }
    if (tookMs > limitMs) {
      throw new OperateError(
        `stack ${found?.StackName ?? stack}: is ${progress.status} after ${Math.round(limitMs / 60_000)} min, expected the end of it; ` +
          `look at its events, and wait for it with ${watchCommand}`,
        exitCodes.differs,
      );
    }
    await wait(pauseMs, undefined, { signal });
  }
}
