import type { ReleaseDirection, ReleaseState } from '../../release/release';
import { releaseStateOf } from '../../release/release-state';
import { slotNames } from '../../release/slots';
import { paintFor } from '../../terminal/paint';
import type { AskedService } from '../asked-service';
import { awsClients } from '../aws-clients';
import type { OperateLine } from '../command-line';
import { readDeclared } from '../declared/read-declared';
import { placeOf, stepTemplate } from '../declared/step-template';
import type { DeployedStack } from '../deployed/deployed-stack';
import { type ExitCode, exitCodes } from '../exit-codes';
import { nothingToRelease } from '../gate/nothing-to-release';
import { directionOf, readDirection, settledStack } from '../gate/sight';
import { readLiveState } from '../live/read-live-state';
import type { OperateTerminal } from '../operate-terminal';
import { roomOf } from '../screen/room';
import type { StackTemplate } from '../template/stack-template';
import { isRefused, makePlan } from './plan';
import { planJson } from './plan-json';
import { planMarkdown } from './plan-markdown';
import { planText } from './plan-text';

/** What of the command line counts here. */
export type PlanLine = Pick<OperateLine, 'ladder' | 'to' | 'json' | 'markdown'>;

/** Where what is deployed comes from, and which slot is new. */
export interface PlanReading {
  readonly stack: () => Promise<DeployedStack>;

  /** Only asked where both slots are on and nobody says which one is new. */
  readonly direction: (stack: DeployedStack) => Promise<ReleaseDirection>;

  /** Only asked where nobody says which slot is new. */
  readonly nothingToRelease: (state: ReleaseState) => Promise<string | undefined>;
}

/**
 * Shows every step that is left of a release. It changes nothing.
 *
 * @throws OperateError when the stack is not there, busy or stuck, or when it is not clear which slot is new
 */
export async function runPlan(
  line: PlanLine,
  asked: AskedService,
  terminal: OperateTerminal,
  _signal: AbortSignal,
  reading: PlanReading = readingOf(asked, terminal),
): Promise<ExitCode> {
  const stack = await reading.stack();
  const state = releaseStateOf(stack.state);
  const isClear = line.to !== undefined || slotNames.some((slot) => !state[slot].active);
  const { to } = isClear ? directionOf(state, {}, line.to) : await reading.direction(stack);
  const plan = await makePlan({
    stack: stack.name,
    template: JSON.parse(stack.template) as StackTemplate,
    state,
    course: { ladder: line.ladder, to },
    nothingToRelease: line.to === undefined ? await reading.nothingToRelease(state) : undefined,
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
    stack: () => settledStack(asked, clients),
    direction: async (stack) => readDirection(clients, stack, await readLiveState(clients, stack)),
    nothingToRelease: (state) => nothingToRelease(clients, readDeclared(asked).settings, state),
  };
}
