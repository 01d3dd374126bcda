import type { StackTemplate, TemplateResource } from '../../lib/operate/template/stack-template';
import type { PlaneName } from '../../lib/release/plane-limits';
import { canary, type ReleaseState } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { type Context, freshContext } from '../fresh-context';
import { pathedTemplateOf } from '../run/templates';

/** With alarms, dashboards and scaling of each slot, and a domain name where the plane takes one by itself. */
export const rich: Readonly<Record<PlaneName, Context>> = {
  'app-mesh': { maxTasks: 4, scaleAtCpu: 60 },
  'load-balancer': {
    maxTasks: 4,
    scaleAtCpu: 60,
    scaleAtRequests: 500,
    domainName: 'shop.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  },
  lattice: {
    maxTasks: 4,
    scaleAtCpu: 60,
    domainName: 'shop.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  },
};

/** The template of one state of the slots. */
export function templateOf(trafficPlane: PlaneName, state: ReleaseState, context: Context = {}): StackTemplate {
  return pathedTemplateOf({ ...freshContext, ...context, ...flagsOf(state), trafficPlane }) as StackTemplate;
}

/** The templates of a release, from the state before it to the last step. */
export function ladderTemplates(plane: PlaneName, context: Context = {}, ladder = [5, 25, 50, 100]) {
  return canary(ladder).map(({ name, state }) => ({ name, state, template: templateOf(plane, state, context) }));
}

/** The template with one of its resources changed. */
export function withResource(
  template: StackTemplate,
  logicalId: string,
  change: (resource: TemplateResource) => TemplateResource,
): StackTemplate {
  const resource = template.Resources?.[logicalId];
  if (resource === undefined) {
    throw new Error(`resource ${logicalId}: expected it in the template`);
  }
  return { ...template, Resources: { ...template.Resources, [logicalId]: change(resource) } };
}

/** A change of a resource that gives it some properties. */
export const withProperties = (changed: Readonly<Record<string, unknown>>) => (resource: TemplateResource) => ({
  ...resource,
  Properties: { ...resource.Properties, ...changed },
});
