import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { productionRoute } from '../local/routes/traffic-model';
import type { Fault } from '../local/tasks/fault';
import type { SlotApp } from '../local/tasks/slot-process';
import { canary, type ReleaseStep, release, rollback } from '../release/release';
import { type SlotName, slotNames } from '../release/slots';
import { withPlaceholders } from '../settings/environment-variables';
import { flagsOf } from '../settings/flags';
import { stateKeyNames } from '../settings/keys';
import type { Settings } from '../settings/settings';
import { SettingsError } from '../settings/settings-error';
import { type Context, synthesize } from '../stack/synthesize';
import type { CommandLine } from './command-line';
import { labelsOf, type PlannedStep, planSteps, type RehearsalPlan } from './plan';
import { RehearsalError } from './rehearsal-error';

/**
 * Synthesizes every step that the command line asks for, and plans the rehearsal of them.
 *
 * @param folder the project, whose `cdk.json` and `cdk.context.json` are read
 * @throws SettingsError when the context has a problem
 * @throws RehearsalError when the command line asks for something that is not there
 */
export function readPlan(line: CommandLine, folder = resolve(__dirname, '../..')): RehearsalPlan {
  const context = { ...readContext(folder), ...line.context };
  const states = Object.keys(line.context).filter((key) => stateKeyNames.includes(key));
  if (states.length > 0) {
    throw new SettingsError(
      states.map(
        (key) =>
          `${key}: got "${line.context[key]}", expected nothing, since the steps of the release set it; use --ladder or --to`,
      ),
    );
  }
  const forward = releaseOf(line);
  const fault = faultOf(line, forward);
  const at = rollbackOf(line, forward, fault?.step);
  const steps = at === undefined ? forward : [...forward.slice(0, at + 1), ...rollback(forward, at)];
  const synthesized = steps.map((step) => ({ step, synthesis: synthesize({ ...context, ...flagsOf(step.state) }) }));
  const planned = planSteps(synthesized);
  const settings = synthesized[0]?.synthesis.settings;
  const first = planned[0];
  if (settings === undefined || first === undefined) {
    throw new RehearsalError('release: got no step, expected at least one');
  }
  return {
    plane: first.model.plane,
    steps: planned,
    apps: apps(line, settings, planned),
    fault: fault && { ...fault, slot: settings.slots[fault.slot as SlotName].name },
    backAt: at === undefined ? undefined : at + 1,
    rate: line.rate,
    requestsPerStep: line.requestsPerStep,
    timeoutMs: line.timeoutMs,
    path: line.path ?? productionRoute(first.model).match.prefix,
  };
}

function releaseOf(line: CommandLine): readonly ReleaseStep[] {
  const { to } = line;
  const from = slotNames.find((name) => name !== to) ?? to;
  return line.ladder === undefined ? release({ from, to }) : canary(line.ladder, { from, to });
}

function faultOf({ fault, commands }: CommandLine, steps: readonly ReleaseStep[]): Fault | undefined {
  if (fault === undefined) {
    return undefined;
  }
  const { slot, name } = fault;
  if (commands[slot] !== undefined && name !== 'crash') {
    throw new RehearsalError(
      `--fault: got ${name} for your own command in slot ${slot}, expected crash, which is all that can be done to it from outside`,
    );
  }
  const loaded = steps.flatMap(({ state }, index) => (index > 0 && state[slot].active && state[slot].weight > 0 ? [index] : []));
  const step = fault.step ?? loaded[0];
  if (step === undefined || !loaded.includes(step)) {
    throw new RehearsalError(
      `--fault: got step ${fault.step ?? 'none'}, expected a step in which ${slot} gets requests: ${numbered(steps, loaded)}`,
    );
  }
  return { slot, name, step };
}

// With a fault, going back is the point of it.
function rollbackOf({ rollbackAt }: CommandLine, steps: readonly ReleaseStep[], fault: number | undefined): number | undefined {
  const at = rollbackAt ?? fault;
  if (at === undefined) {
    return undefined;
  }
  const all = steps.map((_, index) => index).slice(1);
  const possible = all.filter((index) => index >= (fault ?? 1));
  if (!possible.includes(at)) {
    throw new RehearsalError(`--rollback-at: got ${at}, expected the number of a step: ${numbered(steps, possible)}`);
  }
  return at;
}

function numbered(steps: readonly ReleaseStep[], indices: readonly number[]): string {
  return indices.map((index) => `${index} (${steps[index]?.name})`).join(', ');
}

function apps(line: CommandLine, settings: Settings, steps: readonly PlannedStep[]): readonly SlotApp[] {
  const names = new Map(slotNames.map((name) => [settings.slots[name].name, name]));
  return labelsOf(steps, settings).map((slot) => {
    const name = names.get(slot);
    const command = name && line.commands[name];
    return {
      slot,
      command,
      environment: (port) =>
        command === undefined ? {} : withPlaceholders(settings.appEnvironment, { SLOT: slot, PORT: `${port}` }),
      healthCheckPath: settings.healthcheckPath,
    };
  });
}

// As for the CDK: what stands in both files holds as cdk.json has it.
function readContext(folder: string): Context {
  const { context = {} } = readJson(join(folder, 'cdk.json')) as { context?: Context };
  return { ...(readJson(join(folder, 'cdk.context.json')) as Context), ...context };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return {};
    }
    throw new RehearsalError(
      `${path}: got something that is not JSON, expected the context of the app (${(error as Error).message})`,
    );
  }
}
