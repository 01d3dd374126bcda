import { readFileSync } from 'node:fs';
import { readTraffic } from '../local/routes/read-traffic';
import { sharesOf, weightsOf } from '../local/routes/traffic-model';
import type { TemplateJson } from '../local/template/template';
import type { ReleaseState } from '../release/release';
import { slotNames } from '../release/slots';
import { type TemplateStep, templateOf } from './plan';
import { RehearsalError } from './rehearsal-error';
import { type NamedTemplate, type ReleaseSlot, reading } from './release-slots';

/**
 * Reads the template files of a release.
 *
 * @throws RehearsalError with all files that are not there, or not templates
 */
export function readTemplateFiles(files: readonly string[]): readonly NamedTemplate[] {
  const problems: string[] = [];
  const templates = files.flatMap((file) => {
    const template = reading(file, problems, () => readTemplate(file));
    return template ? [{ where: file, template }] : [];
  });
  if (problems.length > 0) {
    throw new RehearsalError(problems);
  }
  return templates;
}

/**
 * The steps that templates stand for: the first one is the state before the release, and every further one a deploy.
 *
 * @throws RehearsalError with all templates that cannot be rehearsed
 */
export function templateSteps(
  templates: readonly NamedTemplate[],
  slots: readonly ReleaseSlot[],
  service: string | undefined,
): readonly TemplateStep[] {
  const problems: string[] = [];
  const weights = templates.map(({ where, template }) =>
    reading(where, problems, () => weightsOf(readTraffic(templateOf(template, service)))),
  );
  if (problems.length > 0) {
    throw new RehearsalError(problems);
  }
  const from = Object.entries(weights[0] ?? {}).find(([, weight]) => weight > 0)?.[0];
  const names = weights.map((each = {}) => stepName(each, from));
  return templates.map(({ where, template }, index) => {
    const shares = sharesOf(weights[index] ?? {});
    const name = names[index] ?? '';
    return {
      template,
      step: {
        // Several templates with the same shares are told apart by their number.
        name: names.indexOf(name) === names.lastIndexOf(name) ? name : `${index}: ${name}`,
        description: `${where}: ${Object.entries(shares)
          .map(([label, share]) => `${label} ${percent(share)} %`)
          .join(', ')}`,
        state: stateOf(weights[index] ?? {}, slots),
      },
    };
  });
}

function readTemplate(file: string): TemplateJson {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new RehearsalError(
      `got no file that can be read (${(error as NodeJS.ErrnoException).code}), expected a CloudFormation template`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new RehearsalError(
      `got something that is not JSON (${(error as Error).message}), expected a template as cdk synth writes it into cdk.out`,
    );
  }
  const resources = (json as { Resources?: unknown } | null)?.Resources;
  const isTemplate =
    typeof resources === 'object' &&
    resources !== null &&
    Object.values(resources).every((each) => typeof (each as { Type?: unknown } | null)?.Type === 'string');
  if (!isTemplate) {
    throw new RehearsalError('got JSON without Resources that have a Type, expected a CloudFormation template');
  }
  return json as TemplateJson;
}

// As a release would name the step: the slot that answers before the release stands in front.
function stepName(weights: Readonly<Record<string, number>>, from: string | undefined): string {
  const labels = Object.keys(weights).sort((a, b) => Number(b === from) - Number(a === from));
  const [idle, ...others] = labels.filter((label) => weights[label] === 0);
  if (labels.length === 1) {
    return `${labels[0]} only`;
  }
  if (idle !== undefined && others.length === 0 && labels.length === 2) {
    return `${idle} at 0`;
  }
  const shares = sharesOf(weights);
  return labels.map((label) => percent(shares[label] ?? 0)).join('/');
}

function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

function stateOf(weights: Readonly<Record<string, number>>, slots: readonly ReleaseSlot[]): ReleaseState {
  return Object.fromEntries(
    slotNames.map((name) => {
      const label = slots.find((slot) => slot.name === name && weights[slot.label] !== undefined)?.label;
      return [name, { active: label !== undefined, weight: label === undefined ? 0 : (weights[label] ?? 0) }];
    }),
  ) as ReleaseState;
}
