import { releaseStateOf } from '../../release/release-state';
import { paintFor } from '../../terminal/paint';
import type { AskedService } from '../asked-service';
import { awsClients } from '../aws-clients';
import type { OperateLine } from '../command-line';
import { placeOf, stepTemplate } from '../declared/step-template';
import type { DeployedStack } from '../deployed/deployed-stack';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { stackCondition } from '../deployed/stack-status';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { LiveState } from '../live/live-state';
import { readLiveState } from '../live/read-live-state';
import { directionTo, releaseDirection } from '../live/release-direction';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { roomOf } from '../screen/room';
import type { StackTemplate } from '../template/stack-template';
import { isRefused, makePlan } from './plan';
import { planJson } from './plan-json';
import { planMarkdown } from './plan-markdown';
import { planText } from './plan-text';

/** What of the command line counts here. */
export type PlanLine = Pick<OperateLine, 'ladder' | 'to' | 'json' | 'markdown'>;

/** Where what is deployed and what is live comes from. */
export interface PlanReading {
  readonly stack: () => Promise<DeployedStack | undefined>;
  readonly live: (stack: DeployedStack) => Promise<LiveState>;
}

/**
 * Shows every step that is left of a release. It changes nothing.
 *
 * @throws OperateError when the stack is not there, busy or stuck
 */
export async function runPlan(
  line: PlanLine,
  asked: AskedService,
  terminal: OperateTerminal,
  _signal: AbortSignal,
  reading: PlanReading = readingOf(asked, terminal),
): Promise<ExitCode> {
  const stack = settled(await reading.stack(), asked);
  const state = releaseStateOf(stack.state);
  const { to } = line.to ? directionTo(line.to) : await releaseDirection(state, () => reading.live(stack));
  const plan = await makePlan({
    stack: stack.name,
    template: JSON.parse(stack.template) as StackTemplate,
    state,
    course: { ladder: line.ladder, to },
    templateOf: (step) => stepTemplate(asked, step, placeOf(stack.id)) as StackTemplate,
  });
  const { out, environment } = terminal;
  if (line.json) {
    out.write(`${planJson(plan)}\n`);
  } else {
    out.write(line.markdown ? planMarkdown(plan) : planText(plan, roomOf(out), paintFor(out, environment)));
  }
  return plan.steps.some(isRefused) ? exitCodes.refused : exitCodes.done;
}

function readingOf(asked: AskedService, terminal: OperateTerminal): PlanReading {
  const clients = awsClients(terminal.environment);
  return {
    stack: () => readDeployedStack(clients, asked.stackName),
    live: (stack) => readLiveState(clients, stack),
  };
}

function settled(stack: DeployedStack | undefined, { stackName }: AskedService): DeployedStack {
  const condition = stack ? stackCondition(stack.status) : { kind: 'missing' as const };
  if (stack && condition.kind === 'settled') {
    return stack;
  }
  const name = `stack ${stackName}`;
  switch (condition.kind) {
    case 'busy':
      throw new OperateError(
        `${name}: is ${stack?.status}, expected a deploy to be over; npm run release -- status --watch`,
        exitCodes.differs,
      );
    case 'stuck':
      throw new OperateError(`${name}: is ${stack?.status}; npx cdk ${condition.mend} ${stackName}`, exitCodes.differs);
    default:
      throw new OperateError(`${name}: is not there, expected one; first npx cdk deploy`, exitCodes.differs);
  }
}
