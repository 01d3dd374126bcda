import { LocalError } from '../local/local-error';
import { slotNameOf } from '../local/template/slot-name';
import { Template, type TemplateJson } from '../local/template/template';
import { blueGreenServices, type TemplateSlot, templateSlots } from '../local/template/template-slots';
import { type SlotName, slotNames } from '../release/slots';
import { templateOf } from './plan';
import { RehearsalError } from './rehearsal-error';

/** What is known of a slot besides its share of the requests. */
export interface ReleaseSlot {
  readonly label: string;

  /** Its name on the command line. */
  readonly name: SlotName;

  /** Environment of an own app in it, besides `PORT` and `SLOT`. */
  readonly environment: (port: number) => Readonly<Record<string, string>>;

  /** Variables that the environment lacks, since only a deploy knows their values. */
  readonly unknownVariables: readonly string[];
}

/** A template, and what it is called in messages. */
export interface NamedTemplate {
  readonly where: string;
  readonly template: TemplateJson;
}

/**
 * The slots of a blue/green service, as the templates of a release have them.
 *
 * @param service which of several services; `undefined`: there is one only
 * @param ownApps the slots in which an own app runs
 * @throws RehearsalError when there are several services and none is chosen, or when a slot cannot be told
 */
export function releaseSlots(
  templates: readonly NamedTemplate[],
  service: string | undefined,
  ownApps: readonly string[],
): readonly ReleaseSlot[] {
  const seen: { where: string; slot: TemplateSlot }[] = [];
  const problems: string[] = [];
  // What is wrong in all templates is told of the first one.
  const told = new Set<string>();
  for (const { where, template } of templates) {
    reading(where, problems, () => {
      const problem = serviceProblem(blueGreenServices(new Template(template)), service);
      if (problem === undefined) {
        seen.push(...templateSlots(templateOf(template, service)).map((slot) => ({ where, slot })));
      } else if (!told.has(problem)) {
        told.add(problem);
        throw new RehearsalError(problem);
      }
    });
  }
  const names = namesOf(seen.map(({ slot }) => slot));
  const slots = [...names].map(([label, name]) => {
    const [first, ...later] = seen.filter(({ slot }) => slot.label === label);
    const other = later.find(({ slot }) => JSON.stringify(slot.environment) !== JSON.stringify(first?.slot.environment));
    if (other && ownApps.includes(name)) {
      problems.push(
        `${other.where}: got another environment for slot ${label} than in ${first?.where}, expected the same, since your own command keeps running`,
      );
    }
    const { environment = {}, unknownVariables = [] } = first?.slot ?? {};
    return { label, name, environment: () => environment, unknownVariables };
  });
  if (problems.length > 0) {
    throw new RehearsalError(problems);
  }
  return slots;
}

function serviceProblem(services: readonly string[], service: string | undefined): string | undefined {
  if (service === undefined) {
    return services.length > 1
      ? `got ${services.length} blue/green services, expected --service with one of ${services.join(', ')}`
      : undefined;
  }
  return services.includes(service)
    ? undefined
    : `got --service ${service}, expected one of the blue/green services in it: ${services.join(', ') || 'there is none'}`;
}

/** Reads something of a template; what is wrong with it is noted with the name of the template in front. */
export function reading<T>(where: string, problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LocalError || error instanceof RehearsalError)) {
      throw error;
    }
    problems.push(...error.problems.map((problem) => `${where}: ${problem}`));
    return undefined;
  }
}

// In the order of the names.
function namesOf(slots: readonly TemplateSlot[]): ReadonlyMap<string, SlotName> {
  const labels = [...new Set(slots.map(({ label }) => label))];
  const told = new Map(
    labels.map((label) => [label, slotNameOf(slots.find((slot) => slot.label === label)?.logicalId ?? '', label)]),
  );
  const free = slotNames.filter((name) => ![...told.values()].includes(name));
  const names = labels.map((label) => {
    const name = told.get(label) ?? free.shift();
    if (name === undefined) {
      throw new RehearsalError(`slots: got ${labels.join(', ')}, expected ${slotNames.length} at most`);
    }
    return [label, name] as const;
  });
  return new Map(names.sort(([, a], [, b]) => slotNames.indexOf(a) - slotNames.indexOf(b)));
}
