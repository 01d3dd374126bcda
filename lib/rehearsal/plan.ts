import { readTraffic } from '../local/routes/read-traffic';
import { sharesOf, type TrafficModel, weightsOf } from '../local/routes/traffic-model';
import type { Fault } from '../local/tasks/fault';
import type { SlotApp } from '../local/tasks/slot-process';
import { onlyService } from '../local/template/only-service';
import { changedResources, Template, type TemplateJson } from '../local/template/template';
import type { PlaneName } from '../release/plane-limits';
import type { ReleaseStep } from '../release/release';
import { type SlotName, slotNames } from '../release/slots';
import { flagsOf } from '../settings/flags';
import type { Leaving } from './asked-steps';
import { RehearsalError } from './rehearsal-error';

/** A step of the release with what its template says. */
export interface PlannedStep {
  readonly name: string;
  readonly description: string;
  readonly model: TrafficModel;

  /** Logical ids of the resources that differ from the step before. */
  readonly changedResources: readonly string[];

  /** The state of the slots, as context keys. */
  readonly flags: Readonly<Record<string, boolean | number>>;
}

/** How the steps of our own stack are deployed. */
export interface DeployPlan {
  /** Folder of the project, with its `cdk.json`. */
  readonly project: string;

  /** Name of the stack. */
  readonly stack: string;

  /** Context keys besides the state of the slots. */
  readonly context: Readonly<Record<string, string>>;

  /** The user's own apps: a shell command by name of the slot. */
  readonly commands: Readonly<Partial<Record<SlotName, string>>>;
}

/** All that a rehearsal needs to know. */
export interface RehearsalPlan {
  readonly plane: PlaneName;
  readonly steps: readonly PlannedStep[];

  /** `undefined`: deploys are imitated. */
  readonly deploy: DeployPlan | undefined;

  /** What runs in each slot that occurs in the steps. */
  readonly apps: readonly SlotApp[];
  readonly fault: Fault | undefined;

  /** How the release is left, when it does not go through to its end. */
  readonly leaving: Leaving | undefined;

  /** Requests per second. */
  readonly rate: number;

  /** Requests while the split of a step stands still. */
  readonly requestsPerStep: number;

  /** How long the client waits for an answer, in milliseconds. */
  readonly timeoutMs: number;

  /** Path of the requests. */
  readonly path: string;

  /** What is left out of the rehearsal for reasons that are not those of the plane, one sentence each. */
  readonly notShown: readonly string[];
}

/** A step of a release with its template. */
export interface TemplateStep {
  readonly step: ReleaseStep;
  readonly template: TemplateJson;
}

/** How the templates of a release are to be read. */
export interface TemplateReading {
  /** Name of the slot by its label; a label that is not there is the name. */
  readonly names: ReadonlyMap<string, SlotName>;

  /** Which of several blue/green services is read; `undefined`: there is one only. */
  readonly service: string | undefined;

  /** What to do when a template does not follow the flags; `undefined`: it is ours, and nothing can be done. */
  readonly advice: string | undefined;
}

/**
 * Reads what the templates of all steps say, and compares it with what the steps asked for.
 *
 * @throws RehearsalError when a template says something else
 * @throws LocalError when it says something that cannot be rehearsed
 */
export function planSteps(steps: readonly TemplateStep[], reading?: TemplateReading): readonly PlannedStep[] {
  return steps.map(({ step, template }, index) => {
    const model = readTraffic(templateOf(template, reading?.service));
    const problems = disagreements(step, model, reading);
    if (problems.length > 0) {
      throw new RehearsalError(problems);
    }
    const before = steps[index - 1]?.template;
    return {
      name: step.name,
      description: step.description,
      model,
      changedResources: before ? changedResources(before, template) : [],
      flags: flagsOf(step.state),
    };
  });
}

/** A step by its index. */
export function stepOf({ steps }: Pick<RehearsalPlan, 'steps'>, index: number): PlannedStep {
  const step = steps[index];
  if (step === undefined) {
    throw new RehearsalError(`step ${index}: got no such step`);
  }
  return step;
}

/** A template, or the part of it that belongs to one of its blue/green services. */
export function templateOf(json: TemplateJson, service: string | undefined): Template {
  return new Template(service === undefined ? json : onlyService(json, service));
}

function disagreements(step: ReleaseStep, model: TrafficModel, reading: TemplateReading | undefined): string[] {
  const active = slotNames.filter((name) => step.state[name].active);
  const expected = describe(sharesOf(Object.fromEntries(active.map((name) => [name, step.state[name].weight]))));
  const weights = Object.entries(weightsOf(model)).map(
    ([label, weight]) => [reading?.names.get(label) ?? label, weight] as const,
  );
  const got = describe(sharesOf(Object.fromEntries(weights)));
  const advice = reading?.advice ? `; ${reading.advice}` : '';
  return expected === got
    ? []
    : [`step ${step.name}: got a template that splits ${got}, expected ${expected}, as the flags say${advice}`];
}

function describe(shares: Readonly<Record<string, number>>): string {
  return Object.keys(shares)
    .sort()
    .map((slot) => `${slot} ${Math.round((shares[slot] ?? 0) * 1e6) / 1e4} %`)
    .join(', ');
}
