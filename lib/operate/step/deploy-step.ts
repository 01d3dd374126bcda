import type { ReleaseState, ReleaseStep } from '../../release/release';
import { releaseStateOf } from '../../release/release-state';
import type { SlotName } from '../../release/slots';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import { ContextFile } from '../context-file';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { stackEvents } from '../deployed/stack-events';
import { exitCodes } from '../exit-codes';
import { counted } from '../gate/counted';
import { differingSlots, sharesOfLive, sharesOfState, splitInWords } from '../gate/shares';
import { type Sight, settledStack } from '../gate/sight';
import { stepKind } from '../gate/step-kind';
import { proveLive } from '../live/prove-live';
import { readLiveState } from '../live/read-live-state';
import { mayGoOn } from '../may-go-on';
import type { DeployedAlarm } from '../measured/alarm-state';
import { minuteMs } from '../measured/minute-ms';
import { readAlarms } from '../measured/read-alarms';
import { readMinutes } from '../measured/read-minutes';
import { answered } from '../no-answer';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { cdkCommand, releaseCommand, typed } from '../typed-command';
import { bakeMinutes } from './bake-minutes';
import { type CdkEnd, deployWords, runCdk } from './cdk-command';
import type { StepEvidence } from './evidence';
import { type Outcome, outcomeOf } from './outcome';
import { rollbackTriggers } from './rollback-triggers';
import { rolledBackInWords } from './rolled-back';
import { tellMinutes } from './tell-minutes';

/** A step that may be made. */
export interface StepToDeploy {
  readonly asked: AskedService;
  readonly clients: AwsClients;
  readonly options: { readonly bakeMinutes: number | undefined; readonly to?: SlotName | undefined };
  readonly step: ReleaseStep;

  /** What was seen right before it. */
  readonly sight: Sight;
  readonly terminal: OperateTerminal;
  readonly signal: AbortSignal;

  /** How long to wait from one look to the next, in milliseconds. */
  readonly pauseMs: number;
}

/** So long is AWS asked what became of a deploy while it gives no answer, and so long is waited in between, in milliseconds. */
const patience = { limitMs: 5 * 60_000, pauseMs: 5000 };

/** So much longer than it takes until a change is in force may it take until it can be read, in milliseconds. */
const readableMs = 60_000;

/** What became of a step, and by which command. */
export type StepEnd = Pick<StepEvidence, 'command' | 'outcome'>;

/** The command that deploys a step, as a person types it. */
export function commandOf(deploy: StepToDeploy): string {
  return typed(['npx', 'cdk', ...wordsOf(deploy)]);
}

/** The command that goes back: to the other slot, where it was said which one is new. */
export function backCommand({ asked, options: { to }, sight }: Pick<StepToDeploy, 'asked' | 'options' | 'sight'>): string {
  return releaseCommand(asked, 'rollback', ...(to === undefined ? [] : ['--to', sight.direction.from]));
}

/**
 * Deploys a step, finds out what became of it, and writes the flags down when it is live.
 *
 * @throws OperateError when the stack is not the one that was looked at any more: then nothing is deployed
 */
export async function deployStep(deploy: StepToDeploy): Promise<StepEnd> {
  const { asked, clients, sight, terminal, signal } = deploy;
  const seen = await eventsBefore(deploy);
  const command = commandOf(deploy);
  terminal.out.write(`  $ ${command}\n${watchInWords(deploy)}`);
  const startedAt = Date.now();
  const over = new AbortController();
  const telling =
    bakeOf(deploy) > 0
      ? tellMinutes({
          read: (from) => readMinutes(clients, sight.stack, from, Date.now()),
          minuteMs: minuteMs(clients.environment),
          err: terminal.err,
          signal: over.signal,
        })
      : undefined;
  const cdk = await runCdk(asked, wordsOf(deploy), terminal, signal).finally(() => over.abort());
  await telling;
  try {
    return { command, outcome: await outcomeNow(deploy, { cdk, seen, startedAt }) };
  } catch (error) {
    const { message, exitCode } = mayGoOn(error, asked);
    const outcome: Outcome = signal.aborted
      ? { kind: 'stopped', sentence: `stopped: ${message}`, exitCode: exitCodes.stopped }
      : { kind: 'unknown', sentence: message, exitCode };
    return { command, outcome };
  }
}

// The events that are there when the stack is still the one that was looked at: what comes after them is of this deploy, or of another one.
async function eventsBefore({ asked, clients, sight }: StepToDeploy): Promise<ReadonlySet<string>> {
  const { changedAt } = sight.stack;
  const events = await answered(() => stackEvents(clients, sight.stack, changedAt), patience);
  const now = await answered(() => settledStack(asked, clients), patience);
  if (now.changedAt.getTime() !== changedAt.getTime()) {
    throw new OperateError(
      `stack ${now.name}: got another deploy since it was looked at (${now.status}), expected none; look at it with ` +
        `${releaseCommand(asked, 'status')}; nothing was changed`,
      exitCodes.differs,
    );
  }
  return new Set(events.map(({ id }) => id));
}

interface AfterCdk {
  readonly cdk: CdkEnd;

  /** Ids of the events that were there before. */
  readonly seen: ReadonlySet<string>;
  readonly startedAt: number;
}

async function outcomeNow(deploy: StepToDeploy, { cdk, seen, startedAt }: AfterCdk): Promise<Outcome> {
  const { asked, clients, step, sight, terminal, signal } = deploy;
  const after = await answered(() => readDeployedStack(clients, asked.stackName), patience);
  const events = await answered(() => stackEvents(clients, sight.stack, sight.stack.changedAt), patience);
  const outcome = outcomeOf({
    before: sight.stack,
    after,
    events: events.filter(({ id }) => !seen.has(id)),
    isDeployed: after !== undefined && isSameSplit(releaseStateOf(after.state), step.state),
    cdk,
    isStopped: signal.aborted,
    commands: {
      rollback: backCommand(deploy),
      status: releaseCommand(asked, 'status'),
      cdkRollback: cdkCommand(asked, 'rollback', asked.stackName),
    },
  });
  switch (outcome.kind) {
    case 'done':
      if (cdk.code !== 0) {
        terminal.err.write(`cdk deploy: ended with ${cdk.code}, but CloudFormation is through\n`);
      }
      return proven(deploy);
    case 'rolled back': {
      const [live, alarms, minutes] = await answered(
        () =>
          Promise.all([
            readLiveState(clients, after ?? sight.stack),
            readAlarms(clients, after ?? sight.stack),
            readMinutes(clients, sight.stack, startedAt - minuteMs(clients.environment), Date.now()),
          ]),
        patience,
      );
      const sentence = rolledBackInWords({
        reason: outcome.sentence,
        alarms: alarms.filter(({ arn }) => triggersOf(deploy).some((trigger) => trigger.arn === arn)),
        minutes,
        shares: sharesOfLive(live),
        sharesBefore: sharesOfState(sight.state),
      });
      return { ...outcome, sentence };
    }
    default:
      return outcome;
  }
}

function isSameSplit(one: ReleaseState, other: ReleaseState): boolean {
  return differingSlots(sharesOfState(one), sharesOfState(other)).length === 0;
}

function triggersOf({ sight, step }: StepToDeploy): readonly DeployedAlarm[] {
  const { listenerArn } = sight.declared.settings;
  const sharesListener = sight.stack.state.wayIn.plane === 'load-balancer' && listenerArn !== undefined;
  return rollbackTriggers({ alarms: sight.alarms, before: sight.state, after: step.state, sharesListener });
}

function bakeOf({ sight, step, options }: StepToDeploy): number {
  return bakeMinutes(stepKind(sight.state, step.state), sight.stack.state.wayIn.plane, options.bakeMinutes);
}

function wordsOf(deploy: StepToDeploy): readonly string[] {
  const triggers = triggersOf(deploy).map(({ arn }) => arn);
  return deployWords(deploy.asked, { state: deploy.step.state, triggers, bakeMinutes: bakeOf(deploy) });
}

/** What watches a step while it is deployed, and after it. */
export function watchInWords(deploy: StepToDeploy): string {
  const [{ length: count }, bake] = [triggersOf(deploy), bakeOf(deploy)];
  if (count > 0) {
    const after = bake > 0 ? `, and for ${counted(bake, 'minute')} after it` : '';
    return `  ${counted(count, 'alarm')} can roll it back while it is deployed${after}\n`;
  }
  const kind = stepKind(deploy.sight.state, deploy.step.state);
  return `  no alarm watches this deploy${kind.kind === 'leaves' ? `: those of ${kind.slot} go with it` : ''}\n`;
}

// What was deployed has to be seen where the requests are split; only then do the files say so.
async function proven(deploy: StepToDeploy): Promise<Outcome> {
  const { asked, clients, step, sight, terminal, signal, pauseMs } = deploy;
  const proof = {
    state: step.state,
    read: async () => readLiveState(clients, (await readDeployedStack(clients, asked.stackName)) ?? sight.stack),
    timeoutMs: sight.settleMs + readableMs,
    pauseMs,
    signal,
  };
  const { live, isLive } = await proveLive(proof).catch((error: Error) => {
    if (signal.aborted) {
      return { live: {}, isLive: false };
    }
    throw error;
  });
  if (signal.aborted) {
    const sentence = `stopped when ${step.name} was deployed, before the files say so; ${releaseCommand(asked, 'status')} shows what is live`;
    return { kind: 'stopped', sentence, exitCode: exitCodes.stopped };
  }
  if (!isLive) {
    const sentence =
      `live and deployed differ: ${splitInWords(sharesOfLive(live))} live, ${splitInWords(sharesOfState(step.state))} deployed; ` +
      cdkCommand(asked, 'deploy', '--revert-drift');
    return { kind: 'differs', sentence, exitCode: exitCodes.differs };
  }
  terminal.out.write(`  ✓ live: ${splitInWords(sharesOfLive(live))}\n`);
  const file = new ContextFile(asked);
  const { isChanged, problems } = file.write(step.state);
  for (const problem of problems) {
    terminal.err.write(`${problem}\n`);
  }
  if (isChanged) {
    terminal.out.write(`cdk.context.json now says so; commit it:  ${file.commitCommand(step.name)}\n`);
  }
  const kind = stepKind(sight.state, step.state);
  if (deploy.options.to !== undefined && kind.kind !== 'leaves') {
    terminal.out.write(`to go back:  ${backCommand(deploy)}\n`);
  }
  if (kind.kind === 'leaves') {
    // The next step would be the first one of the next release.
    terminal.out.write(`the release is done: ${sight.direction.to} answers everything, and ${kind.slot} is off\n`);
  }
  return problems.length === 0
    ? { kind: 'done', sentence: '', exitCode: exitCodes.done }
    : { kind: 'differs', sentence: `${step.name} is live, but the files do not say so`, exitCode: exitCodes.differs };
}
