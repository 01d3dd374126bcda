import { readTraffic } from '../local/routes/read-traffic';
import { sharesOf, type TrafficModel, weightsOf } from '../local/routes/traffic-model';
import type { Fault } from '../local/tasks/fault';
import type { SlotApp } from '../local/tasks/slot-process';
import { changedResources, Template } from '../local/template/template';
import type { PlaneName } from '../release/plane-limits';
import type { ReleaseStep } from '../release/release';
import { type SlotName, slotNames } from '../release/slots';
import type { Settings } from '../settings/settings';
import type { Synthesis } from '../stack/synthesize';
import { RehearsalError } from './rehearsal-error';

/** A step of the release with what its template says. */
export interface PlannedStep {
  readonly name: string;
  readonly description: string;
  readonly model: TrafficModel;

  /** Logical ids of the resources that differ from the step before. */
  readonly changedResources: readonly string[];
}

/** All that a rehearsal needs to know. */
export interface RehearsalPlan {
  readonly plane: PlaneName;
  readonly steps: readonly PlannedStep[];

  /** What runs in each slot that occurs in the steps. */
  readonly apps: readonly SlotApp[];
  readonly fault: Fault | undefined;

  /** Index of the first step that goes back. */
  readonly backAt: number | undefined;

  /** Requests per second. */
  readonly rate: number;

  /** Requests while the split of a step stands still. */
  readonly requestsPerStep: number;

  /** How long the client waits for an answer, in milliseconds. */
  readonly timeoutMs: number;

  /** Path of the requests. */
  readonly path: string;
}

/** A step of a release that was synthesized. */
export interface SynthesizedStep {
  readonly step: ReleaseStep;
  readonly synthesis: Synthesis;
}

/**
 * Reads what the templates of all steps say, and compares it with what the steps asked for.
 *
 * @throws RehearsalError when a template says something else, or something that cannot be rehearsed
 */
export function planSteps(steps: readonly SynthesizedStep[]): readonly PlannedStep[] {
  return steps.map(({ step, synthesis }, index) => {
    const model = readTraffic(new Template(synthesis.template));
    const problems = disagreements(step, model, synthesis.settings);
    if (problems.length > 0) {
      throw new RehearsalError(problems);
    }
    const before = steps[index - 1]?.synthesis.template;
    return {
      name: step.name,
      description: step.description,
      model,
      changedResources: before ? changedResources(before, synthesis.template) : [],
    };
  });
}

/** The labels of all slots that occur in the steps, in the order of the slots. */
export function labelsOf(steps: readonly PlannedStep[], settings: Settings): readonly string[] {
  const used = new Set(steps.flatMap(({ model }) => model.targets.map(({ slot }) => slot)));
  return slotNames.map((name) => settings.slots[name].name).filter((label) => used.has(label));
}

function disagreements(step: ReleaseStep, model: TrafficModel, settings: Settings): string[] {
  const active = slotNames.filter((name) => step.state[name].active);
  const asked = byLabel(active, settings, (name) => step.state[name].weight);
  const expected = describe(sharesOf(asked));
  const got = describe(sharesOf(weightsOf(model)));
  return expected === got ? [] : [`step ${step.name}: got a template that splits ${got}, expected ${expected}, as the flags say`];
}

function byLabel(slots: readonly SlotName[], settings: Settings, value: (slot: SlotName) => number): Record<string, number> {
  return Object.fromEntries(slots.map((name) => [settings.slots[name].name, value(name)]));
}

function describe(shares: Readonly<Record<string, number>>): string {
  return Object.keys(shares)
    .sort()
    .map((slot) => `${slot} ${Math.round((shares[slot] ?? 0) * 1e6) / 1e4} %`)
    .join(', ');
}
