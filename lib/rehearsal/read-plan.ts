import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { productionRoute } from '../local/routes/traffic-model';
import type { SlotApp } from '../local/tasks/slot-process';
import type { TemplateJson } from '../local/template/template';
import type { ReleaseState, ReleaseStep } from '../release/release';
import { readContextFiles } from '../settings/context';
import { flagsOf } from '../settings/flags';
import { stateKeyNames } from '../settings/keys';
import { SettingsError } from '../settings/settings-error';
import { prefixAndRest } from '../settings/stages';
import { stackNameOf } from '../stack/stack-name';
import { type Synthesis, synthesize } from '../stack/synthesize';
import { type AskedSteps, askedSteps, releaseOf } from './asked-steps';
import { synthesizeApp } from './cdk-app';
import type { CommandLine } from './command-line';
import { slotsOfSettings } from './own-stack';
import { type DeployPlan, type PlannedStep, planSteps, type RehearsalPlan } from './plan';
import { RehearsalError } from './rehearsal-error';
import { type ReleaseSlot, releaseSlots } from './release-slots';
import { readTemplateFiles, templateSteps } from './template-files';

/** What planning takes besides the command line. */
export interface Planning {
  /** Ends it early. */
  readonly signal: AbortSignal;

  /** Told what takes some seconds. */
  readonly say: (line: string) => void;
}

/**
 * Plans the rehearsal that the command line asks for: of template files, of a CDK app, or of our own stack.
 *
 * @throws SettingsError when the context has a problem
 * @throws RehearsalError, LocalError when the command line asks for something that is not there, or cannot be rehearsed
 */
export async function planRehearsal(line: CommandLine, planning: Planning): Promise<RehearsalPlan> {
  if (line.templates.length > 0) {
    return planTemplates(line);
  }
  return line.app === undefined ? readPlan(line) : planApp(line, line.app, planning);
}

/**
 * Plans the rehearsal of our own stack.
 *
 * @param folder the project, whose `cdk.json` and `cdk.context.json` are read
 * @throws RehearsalError when there is no `cdk.json`
 */
export function readPlan(line: CommandLine, folder = resolve(__dirname, '../..')): RehearsalPlan {
  // Installed as a package, this program has no stack of its own beside it.
  if (!existsSync(join(folder, 'cdk.json'))) {
    throw new RehearsalError("--app, --template: got neither, expected one of them; for example --app 'npx cdk synth'");
  }
  const files = readContextFiles(folder);
  const states = stateKeysIn(line);
  const others = Object.fromEntries(Object.entries(line.context).filter(([key]) => !states.includes(key)));
  const asked = askedSteps(line, releaseOf(line));
  const syntheses = new Map<ReleaseState, Synthesis>();
  try {
    for (const { state } of asked.steps) {
      syntheses.set(state, syntheses.get(state) ?? synthesize({ ...files, ...others, ...flagsOf(state) }, { files }));
    }
  } catch (error) {
    throw error instanceof SettingsError ? new SettingsError([...stateKeyProblems(line), ...error.problems]) : error;
  }
  refuseStateKeys(line);
  const [first] = syntheses.values();
  return plan(line, {
    asked,
    template: (state) => syntheses.get(state)?.template,
    slots: first ? slotsOfSettings(first.settings) : [],
    deploy:
      line.deploy && first
        ? { project: folder, stack: stackNameOf(first.settings), context: line.context, commands: line.commands }
        : undefined,
  });
}

function planTemplates(line: CommandLine): RehearsalPlan {
  const files = readTemplateFiles(line.templates);
  const slots = releaseSlots(files, line.service, Object.keys(line.commands));
  const forward = templateSteps(files, slots, line.service);
  const templates = new Map(forward.map(({ step, template }) => [step.state, template]));
  return plan(line, {
    asked: askedSteps(
      line,
      forward.map(({ step }) => step),
    ),
    template: (state) => templates.get(state),
    slots,
  });
}

async function planApp(line: CommandLine, command: string, { signal, say }: Planning): Promise<RehearsalPlan> {
  refuseStateKeys(line);
  const asked = askedSteps(line, releaseOf(line));
  const { context, stack } = line;
  const states = [...new Set(asked.steps.map(({ state }) => state))];
  const templates = new Map<ReleaseState, TemplateJson>();
  const planned = (steps: readonly ReleaseStep[]) =>
    plan(line, {
      asked: { ...asked, steps },
      template: (state) => templates.get(state),
      slots: releaseSlots(
        steps.flatMap(({ name, state }) => {
          const template = templates.get(state);
          return template ? [{ where: `step ${name}`, template }] : [];
        }),
        line.service,
        Object.keys(line.commands),
      ),
      advice: `let the app take the state of the slots from its context: ${stateKeyNames.join(', ')}`,
    });
  say(`synthesizing ${states.length} templates with ${command}`);
  for await (const { state, template } of synthesizeApp({ command, context, stack }, states, signal)) {
    templates.set(state, template);
    // What is wrong with the first one is most often wrong with all, and each of them takes some seconds.
    if (templates.size === 1) {
      planned(asked.steps.slice(0, 1));
    }
  }
  return planned(asked.steps);
}

function refuseStateKeys(line: CommandLine): void {
  const problems = stateKeyProblems(line);
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
}

function stateKeyProblems(line: CommandLine): string[] {
  return stateKeysIn(line).map(
    (key) => `${key}: got "${line.context[key]}", expected nothing, since the steps of the release set it; use --ladder or --to`,
  );
}

function stateKeysIn({ context }: CommandLine): string[] {
  return Object.keys(context).filter((key) => stateKeyNames.includes(prefixAndRest(key)[1]));
}

/** A release with its templates. */
interface Release {
  readonly asked: AskedSteps;
  readonly template: (state: ReleaseState) => TemplateJson | undefined;
  readonly slots: readonly ReleaseSlot[];

  /** What to do when a template does not follow the flags. */
  readonly advice?: string;

  /** How its steps are deployed. */
  readonly deploy?: DeployPlan | undefined;
}

function plan(line: CommandLine, { asked, template, slots, advice, deploy }: Release): RehearsalPlan {
  const steps = planSteps(
    asked.steps.flatMap((step) => {
      const found = template(step.state);
      return found ? [{ step, template: found }] : [];
    }),
    { names: new Map(slots.map(({ label, name }) => [label, name])), service: line.service, advice },
  );
  const [first] = steps;
  if (first === undefined) {
    throw new RehearsalError('release: got no step, expected at least one');
  }
  const { fault, leaving } = asked;
  const broken = fault && steps[fault.step]?.model.targets.find(({ slot }) => nameOf(slot, slots) === fault.slot);
  const apps = appsOf(line, slots, steps);
  return {
    plane: first.model.plane,
    steps,
    deploy,
    apps,
    fault: fault && broken && { ...fault, slot: broken.slot },
    leaving,
    rate: line.rate,
    requestsPerStep: line.requestsPerStep,
    timeoutMs: line.timeoutMs,
    path: line.path ?? productionRoute(first.model).match.prefix,
    notShown: [
      ...(line.service === undefined ? [] : [`of the stack, only what belongs to the service ${line.service} is rehearsed`]),
      ...slots
        // A deploy knows them.
        .filter(({ label, unknownVariables }) => !deploy && unknownVariables.length > 0 && ownApp(apps, label))
        .map(
          ({ label, unknownVariables }) =>
            `your own command in ${label} runs without ${unknownVariables.join(', ')}, whose values only a deploy knows; set them yourself if it needs them`,
        ),
    ],
  };
}

function appsOf(line: CommandLine, slots: readonly ReleaseSlot[], steps: readonly PlannedStep[]): readonly SlotApp[] {
  return slots.flatMap(({ label, name, environment }) => {
    const step = steps.find(({ model }) => model.targets.some(({ slot }) => slot === label));
    const target = step?.model.targets.find(({ slot }) => slot === label);
    const command = line.commands[name];
    return step && target
      ? [
          {
            slot: label,
            command,
            environment: (port: number) => (command === undefined ? {} : environment(port)),
            healthCheckPath: target.healthCheck?.path ?? productionRoute(step.model).match.prefix,
          },
        ]
      : [];
  });
}

function ownApp(apps: readonly SlotApp[], label: string): boolean {
  return apps.some(({ slot, command }) => slot === label && command !== undefined);
}

function nameOf(label: string, slots: readonly ReleaseSlot[]): string {
  return slots.find((slot) => slot.label === label)?.name ?? label;
}
