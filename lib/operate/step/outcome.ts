import type { DeployedStack } from '../deployed/deployed-stack';
import type { StackEvent } from '../deployed/stack-events';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CdkEnd } from './cdk-command';
import { operationsIn } from './operations';

/** What became of a deploy. */
export interface Outcome {
  readonly kind: 'done' | 'refused' | 'rolled back' | 'busy' | 'stuck' | 'unchanged' | 'stopped' | 'differs' | 'unknown';

  /** In words; empty when it is done. */
  readonly sentence: string;

  readonly exitCode: ExitCode;
}

/** What is known after a deploy. */
export interface DeployEnd {
  /** The stack before it. */
  readonly before: DeployedStack;

  /** The stack after it; `undefined`: it is not there any more. */
  readonly after: DeployedStack | undefined;

  /** Events of the stack since right before the deploy, when nothing was under way; oldest first. */
  readonly events: readonly StackEvent[];

  /** Whether the state of the step is what is deployed now. */
  readonly isDeployed: boolean;

  readonly cdk: CdkEnd;

  /** Whether the user has ended the command. */
  readonly isStopped: boolean;

  /** The commands that may be needed now. */
  readonly commands: { readonly rollback: string; readonly status: string; readonly cdkRollback: string };
}

const guardType = 'Custom::ReleaseGuard';
const stackType = 'AWS::CloudFormation::Stack';

// What the CDK said last, in case that it did not come as far as CloudFormation.
const toldLines = 8;

/** What became of a deploy, as CloudFormation has it: the `cdk` command line says no more than that something went wrong. */
export function outcomeOf({ before, after, events, isDeployed, cdk, isStopped, commands }: DeployEnd): Outcome {
  if (after === undefined) {
    return { kind: 'stuck', sentence: `stack ${before.name}: is not there any more`, exitCode: exitCodes.differs };
  }
  const { status } = after;
  const operations = operationsIn(events, after);
  const hasBegun = operations.length > 0 || after.changedAt > before.changedAt;
  const name = `stack ${after.name}: is ${status}`;
  const differs = (sentence: string): Outcome => ({ kind: 'differs', sentence, exitCode: exitCodes.differs });
  if (isStopped) {
    return { kind: 'stopped', sentence: stopped(after, hasBegun, commands), exitCode: exitCodes.stopped };
  }
  if (operations.length > 1) {
    // Nobody can tell which of them is this one.
    const all = operations.map((operation) => `${operation.at.toTimeString().slice(0, 8)} ${operation.status}`).join(', ');
    return differs(
      `another deploy came in between (${all}), expected this one only; ${commands.status} shows what is deployed, ${commands.rollback} goes back`,
    );
  }
  if (status.endsWith('_IN_PROGRESS')) {
    return {
      kind: 'busy',
      sentence: `cdk deploy: ended with ${cdk.code}, but CloudFormation goes on (${name}); ${commands.status} --watch`,
      exitCode: exitCodes.differs,
    };
  }
  if (status.endsWith('_FAILED')) {
    return { kind: 'stuck', sentence: `${name}; ${commands.cdkRollback}`, exitCode: exitCodes.differs };
  }
  if (!hasBegun && cdk.code !== 0) {
    const lines = cdk.lastLines.slice(-toldLines).map((line) => `  ${line.trim()}`);
    const sentence = [`cdk deploy: ended with ${cdk.code}, and nothing was changed; its last lines:`, ...lines].join('\n');
    return { kind: 'unchanged', sentence, exitCode: exitCodes.refused };
  }
  if (hasBegun && status.includes('ROLLBACK')) {
    const failed = events.find((event) => event.status.endsWith('_FAILED') && event.type !== stackType);
    return failed?.type === guardType
      ? { kind: 'refused', sentence: plain(failed.reason ?? 'the release guard refused it'), exitCode: exitCodes.refused }
      : { kind: 'rolled back', sentence: reasonOf(events, failed, after), exitCode: exitCodes.rolledBack };
  }
  return isDeployed
    ? { kind: 'done', sentence: '', exitCode: exitCodes.done }
    : differs(`another deploy was made instead (${name}), expected this one; ${commands.status} shows what is deployed`);
}

function reasonOf(events: readonly StackEvent[], failed: StackEvent | undefined, after: DeployedStack): string {
  const ofStack = events.find(({ type, status }) => type === stackType && status.endsWith('ROLLBACK_IN_PROGRESS'));
  if (failed && !/cancell?ed/i.test(failed.reason ?? '')) {
    return `${failed.logicalId} (${failed.type}) failed: ${plain(failed.reason ?? failed.status)}`;
  }
  return plain(ofStack?.reason ?? after.statusReason ?? 'CloudFormation gives no reason');
}

function stopped(after: DeployedStack, hasBegun: boolean, { rollback, status }: DeployEnd['commands']): string {
  return after.status.endsWith('_IN_PROGRESS')
    ? `stopped, but CloudFormation goes on (stack ${after.name}: is ${after.status}); ${status} --watch shows it, ${rollback} undoes it`
    : hasBegun
      ? `stopped when CloudFormation was through (stack ${after.name}: is ${after.status}); ${status} shows what is deployed`
      : 'stopped before CloudFormation began; nothing was changed';
}

// What Lambda and CloudFormation put around a reason.
function plain(reason: string): string {
  return reason
    .replace(/^Received response status \[FAILED\] from custom resource\. Message returned: /, '')
    .replace(/ ?\(RequestId: [^)]*\)$/, '')
    .trim();
}
