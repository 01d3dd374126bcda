import type { ReleaseStep } from '../../release/release';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import { ContextFile } from '../context-file';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { stackEvents } from '../deployed/stack-events';
import { exitCodes } from '../exit-codes';
import { counted } from '../gate/counted';
import { sharesOfLive, sharesOfState, splitInWords } from '../gate/shares';
import type { Sight } from '../gate/sight';
import { stepKind } from '../gate/step-kind';
import { readLiveState } from '../live/read-live-state';
import { minuteMs } from '../measured/minute-ms';
import { readMinutes } from '../measured/read-minutes';
import type { OperateTerminal } from '../operate-terminal';
import { cdkCommand, releaseCommand, typed } from '../typed-command';
import { bakeMinutes } from './bake-minutes';
import { deployWords, runCdk } from './cdk-command';
import type { StepEvidence } from './evidence';
import { proveLive } from './live-proof';
import { type Outcome, outcomeOf } from './outcome';
import { rollbackTriggers } from './rollback-triggers';
import { rolledBackInWords } from './rolled-back';

/** A step that may be made. */
export interface StepToDeploy {
  readonly asked: AskedService;
  readonly clients: AwsClients;
  readonly options: { readonly bakeMinutes: number | undefined };
  readonly step: ReleaseStep;

  /** What was seen right before it. */
  readonly sight: Sight;
  readonly terminal: OperateTerminal;
  readonly signal: AbortSignal;

  /** How long to wait from one look to the next, in milliseconds. */
  readonly pauseMs: number;
}

/** So much longer than it takes until a change is in force may it take until it can be read, in milliseconds. */
const readableMs = 60_000;

/** Deploys a step, finds out what became of it, and writes the flags down when it is live. */
export async function deployStep(deploy: StepToDeploy): Promise<Pick<StepEvidence, 'command' | 'outcome'>> {
  const { asked, clients, options, step, sight, terminal, signal } = deploy;
  const { plane } = sight.stack.state.wayIn;
  const triggers = rollbackTriggers({
    alarms: sight.alarms,
    before: sight.state,
    after: step.state,
    sharesListener: plane === 'load-balancer' && sight.declared.settings.listenerArn !== undefined,
  });
  const kind = stepKind(sight.state, step.state);
  const bake = bakeMinutes(kind, plane, options.bakeMinutes);
  const words = deployWords(asked, { state: step.state, triggers: triggers.map(({ arn }) => arn), bakeMinutes: bake });
  const command = typed(['npx', 'cdk', ...words]);
  terminal.out.write(`  $ ${command}\n`);
  if (triggers.length > 0) {
    const after = bake > 0 ? `, and for ${counted(bake, 'minute')} after it` : '';
    terminal.out.write(`  ${counted(triggers.length, 'alarm')} can roll it back while it is deployed${after}\n`);
  } else if (kind.kind !== 'leaves') {
    terminal.out.write('  no alarm watches this deploy\n');
  }
  const startedAt = Date.now();
  const cdk = await runCdk(asked, words, terminal, signal);
  const after = await readDeployedStack(clients, asked.stackName);
  const hasBegun = after !== undefined && after.changedAt > sight.stack.changedAt;
  const outcome = outcomeOf({
    before: sight.stack,
    after,
    events: hasBegun ? await stackEvents(clients, after, after.changedAt) : [],
    cdk,
    isStopped: signal.aborted,
    commands: {
      rollback: releaseCommand(asked, 'rollback'),
      status: releaseCommand(asked, 'status'),
      cdkRollback: cdkCommand(asked, 'rollback', asked.stackName),
    },
  });
  switch (outcome.kind) {
    case 'done':
      return { command, outcome: await proven(deploy) };
    case 'stopped':
      terminal.err.write(`${outcome.sentence}\n`);
      return { command, outcome };
    case 'rolled back': {
      const [live, minutes] = await Promise.all([
        readLiveState(clients, after ?? sight.stack),
        readMinutes(clients, sight.stack, startedAt - minuteMs(clients.environment), Date.now()),
      ]);
      const sentence = rolledBackInWords({
        reason: outcome.sentence,
        alarms: triggers,
        minutes,
        shares: sharesOfLive(live),
        sharesBefore: sharesOfState(sight.state),
      });
      return { command, outcome: { ...outcome, sentence } };
    }
    default:
      return { command, outcome };
  }
}

// What was deployed has to be seen where the requests are split; only then do the files say so.
async function proven({ asked, clients, step, sight, terminal, signal, pauseMs }: StepToDeploy): Promise<Outcome> {
  const proof = {
    state: step.state,
    read: async () => readLiveState(clients, (await readDeployedStack(clients, asked.stackName)) ?? sight.stack),
    timeoutMs: sight.settleMs + readableMs,
    pauseMs,
    signal,
  };
  const { live, isLive } = await proveLive(proof);
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
  return problems.length === 0
    ? { kind: 'done', sentence: '', exitCode: exitCodes.done }
    : { kind: 'differs', sentence: `${step.name} is live, but the files do not say so`, exitCode: exitCodes.differs };
}
