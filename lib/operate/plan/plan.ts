import type { PlaneName } from '../../release/plane-limits';
import { refusal } from '../../release/refusal';
import type { ReleaseState, ReleaseStep } from '../../release/release';
import { type ReleaseCourse, releasePosition } from '../../release/remaining-steps';
import { type SlotName, slotNames } from '../../release/slots';
import { unsafeChanges } from '../../release/transition';
import { flagsOf } from '../../settings/flags';
import { exitCodes } from '../exit-codes';
import { drainMinutes, lateMinutes } from '../gate/drain';
import { type StepKind, stepKind } from '../gate/step-kind';
import { OperateError } from '../operate-error';
import { type BrokenOrder, proveOrders } from '../orders/prove-orders';
import { imagesOf, type SlotImages } from '../slot-in-words';
import { bakeMinutes } from '../step/bake-minutes';
import { type GuardOfTemplate, guardOf } from '../template/guarded-state';
import type { StackTemplate } from '../template/stack-template';
import { templateSlots } from '../template/template-slots';
import { deregistrationSecondsOf, settleSecondsOf } from './step-time';
import { type TemplateDifference, templateDifference } from './template-difference';

/** One deploy that is still ahead. */
export interface PlannedDeploy extends Omit<TemplateDifference, 'replacedIds'> {
  readonly name: string;
  readonly description: string;
  readonly kind: StepKind['kind'];
  readonly state: ReleaseState;

  /** The state as context flags. */
  readonly flags: Readonly<Record<string, boolean | number>>;

  /** How many states between the two templates were looked at. */
  readonly intermediateStates: number;

  /** An order of the deploy that breaks something. */
  readonly broken: BrokenOrder | undefined;

  /** What the release guard would say; nothing when it lets the step through. */
  readonly guard: readonly string[];

  /** For how many minutes CloudFormation watches it after its last change. */
  readonly bakeMinutes: number;

  /** How long it takes at least, in minutes: what is watched or waited for. */
  readonly minutes: number;

  /** The way back from this step, and its price. */
  readonly back: string;

  /** How long the way back takes until everybody is on the old slot, in minutes; `undefined`: no request has to go back, or none can. */
  readonly backMinutes: number | undefined;
}

/** A release from where it is to its end. */
export interface ReleasePlan {
  readonly stack: string;
  readonly service: string;
  readonly plane: PlaneName | string;
  readonly from: SlotName;
  readonly to: SlotName;

  /** The image of a slot, where it is known. */
  readonly images: SlotImages;
  readonly ladder: readonly number[];

  /** The steps of the release that lie behind: the last of them, and whether that is exactly where it is. */
  readonly reached: { readonly name: string; readonly exact: boolean };
  readonly state: ReleaseState;
  readonly steps: readonly PlannedDeploy[];

  /** How long all steps take at least, in minutes. */
  readonly minutes: number;

  /** Why there is nothing to release; `undefined`: there is something, or the release is done. */
  readonly nothingToRelease: string | undefined;
}

/** What a plan is made of. */
export interface PlanSource {
  readonly stack: string;

  /** What is deployed. */
  readonly template: StackTemplate;
  readonly state: ReleaseState;
  readonly course: ReleaseCourse;

  /** The template of a step. */
  readonly templateOf: (state: ReleaseState) => StackTemplate;

  /**
   * Why there is nothing to release, and no step to plan.
   *
   * @default - there is something
   */
  readonly nothingToRelease?: string | undefined;
}

/**
 * Plans every deploy from what is deployed to the end of a release, each with what it really changes.
 *
 * @throws OperateError when the deployed template has no release guard
 */
export async function makePlan({
  stack,
  template,
  state,
  course,
  templateOf,
  nothingToRelease,
}: PlanSource): Promise<ReleasePlan> {
  const { steps, at, exact } = releasePosition(course, state);
  const { to } = course;
  const from: SlotName = slotNames[0] === to ? slotNames[1] : slotNames[0];
  const guard = guardIn(template, stack);
  const { plane, serviceName } = guard.state.wayIn;
  const planned: PlannedDeploy[] = [];
  let [before, was, images] = [template, state, imagesOf(guard.state)];
  for (const step of nothingToRelease === undefined ? steps.slice(at + 1) : []) {
    const after = templateOf(step.state);
    planned.push(await planStep(step, { before, after, was, from, to, plane, stack }));
    // What is deployed says it best, as long as it is there.
    images = { ...imagesOf(guardIn(after, stack).state), ...images };
    before = after;
    was = step.state;
  }
  return {
    stack,
    service: `${serviceName ?? stack}`,
    plane,
    from,
    to,
    images: planned.length > 0 ? { ...images, [to]: imagesOf(guardIn(before, stack).state)[to] } : images,
    ladder: course.ladder,
    reached: { name: steps[at]?.name ?? '', exact },
    state,
    steps: planned,
    minutes: rounded(planned.reduce((sum, { minutes }) => sum + minutes, 0)),
    nothingToRelease,
  };
}

/** Whether a step must not be deployed as it is. */
export function isRefused({ guard, replaced, broken }: PlannedDeploy): boolean {
  return guard.length > 0 || replaced.length > 0 || broken !== undefined;
}

interface StepPair {
  readonly before: StackTemplate;
  readonly after: StackTemplate;

  /** The state before the step. */
  readonly was: ReleaseState;
  readonly from: SlotName;
  readonly to: SlotName;
  readonly plane: string;
  readonly stack: string;
}

async function planStep({ name, description, state }: ReleaseStep, pair: StepPair): Promise<PlannedDeploy> {
  const { before, after, from, to, plane, stack } = pair;
  const { replacedIds, ...difference } = await templateDifference(before, after);
  const { intermediateStates, broken } = proveOrders(before, after, replacedIds);
  const [old, now] = [guardIn(before, stack), guardIn(after, stack)];
  const step = stepKind(pair.was, state);
  const settle = settleSecondsOf(after);
  // Nobody asks the slot any more, and then its targets end what they began.
  const stop = drainMinutes + lateMinutes + (settle + deregistrationSecondsOf(before, templateSlots(before)[from]?.target)) / 60;
  const bake = bakeMinutes(step, plane);
  const minutes = { joins: 0, weights: bake + settle / 60, leaves: stop };
  const back = Math.ceil((routeSeconds + settle) / 60);
  return {
    name,
    description,
    kind: step.kind,
    state,
    flags: flagsOf(state),
    ...difference,
    intermediateStates,
    broken,
    guard: unsafeChanges(old.state, now.state).map((change) => refusal(change, now.settingNames)),
    bakeMinutes: bake,
    minutes: rounded(minutes[step.kind]),
    back: wayBack(step.kind, name, { from, to }, back),
    backMinutes: step.kind === 'weights' ? back : undefined,
  };
}

// The update of a route takes about half a minute.
const routeSeconds = 30;

function wayBack(
  kind: StepKind['kind'],
  name: string,
  { from, to }: { readonly from: SlotName; readonly to: SlotName },
  minutes: number,
): string {
  switch (kind) {
    case 'joins':
      return `1 deploy, which removes ${to}`;
    case 'weights':
      return `1 deploy of the route, ~${minutes} min: ${name} → ${to} at 0`;
    case 'leaves':
      return `a new release, since ${from} is gone`;
  }
}

function guardIn(template: StackTemplate, stack: string): GuardOfTemplate {
  const guard = guardOf(template);
  if (guard === undefined) {
    throw new OperateError(
      `stack ${stack}: got a template without a release guard, expected one; set guard to true, and deploy that first`,
      exitCodes.differs,
    );
  }
  return guard;
}

function rounded(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}
