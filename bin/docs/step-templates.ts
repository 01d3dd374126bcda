import type { TemplateJson } from '../../lib/local/template/template';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { release } from '../../lib/release/release';
import type { SlotName } from '../../lib/release/slots';
import { flagsOf } from '../../lib/settings/flags';
import { synthesize } from '../../lib/stack/synthesize';

/** A resource of the stack, with the path of the construct that made it: `App/Blue/Service`. */
export interface PathedResource {
  readonly type: string;
  readonly path: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The template of one step of a release. */
export interface StepTemplate {
  /** Name of the step, such as `green at 0`. */
  readonly step: string;

  readonly template: TemplateJson;

  /** The resources by logical id. */
  readonly resources: Readonly<Record<string, PathedResource>>;
}

const made = new Map<PlaneName, readonly StepTemplate[]>();

/** The templates of a release on a plane, from the state before it to the last step. */
export function stepTemplates(trafficPlane: PlaneName): readonly StepTemplate[] {
  const templates =
    made.get(trafficPlane) ??
    release().map(({ name, state }) => {
      const { template } = synthesize({ ...flagsOf(state), trafficPlane, 'aws:cdk:enable-path-metadata': true });
      return { step: name, template, resources: pathed(template) };
    });
  made.set(trafficPlane, templates);
  return templates;
}

/** The template with both slots, on every plane. */
export function bothSlots(): readonly (readonly [PlaneName, StepTemplate])[] {
  return planeNames.map((plane) => [plane, stepTemplates(plane)[1] as StepTemplate]);
}

/** The slot to which a construct belongs; `undefined`: to none. */
export function slotOf(path: string): SlotName | undefined {
  return /^App\/(Blue|Green)\//.exec(path)?.[1]?.toLowerCase() as SlotName | undefined;
}

function pathed(template: TemplateJson): Record<string, PathedResource> {
  return Object.fromEntries(
    Object.entries(template.Resources ?? {}).map(([id, resource]) => {
      const { Type: type, Properties: properties = {}, Metadata: metadata } = resource as MadeResource;
      const [, ...parts] = metadata['aws:cdk:path'].split('/');
      return [id, { type, properties, path: parts.filter((part) => part !== 'Resource' && part !== 'Default').join('/') }];
    }),
  );
}

interface MadeResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata: { readonly 'aws:cdk:path': string };
}
