import * as fc from 'fast-check';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { readSettings } from '../../lib/settings/read-settings';
import { SettingsError } from '../../lib/settings/settings-error';
import { synthesize } from '../../lib/stack/synthesize';
import { type Context, freshContext, type Resource, resourcesOf, type TemplateJson, templateOf } from '../app-template';
import { anyFlags } from './any-flags';

const synthesized = (flags: Context) => synthesize({ ...freshContext, ...flags }).template as TemplateJson;

const slotPrefix = { blue: 'AppBlue', green: 'AppGreen' } as const;

interface Target {
  readonly id: string;
  readonly weight: number;
}

/** The weighted route of a template: the one resource that may hold more than one target. */
const routes: Readonly<
  Record<PlaneName, (template: TemplateJson) => { readonly resource: Resource; readonly targets: readonly Target[] }>
> = {
  'app-mesh': (template) =>
    theRoute(template, 'AppRoute', (properties) =>
      properties.Spec.HttpRoute.Action.WeightedTargets.map((target: any) => ({
        id: target.VirtualNode['Fn::GetAtt'][0],
        weight: target.Weight,
      })),
    ),
  'load-balancer': (template) =>
    theRoute(template, 'AppProductionRule', (properties) =>
      properties.Actions[0].ForwardConfig.TargetGroups.map((target: any) => ({
        id: target.TargetGroupArn.Ref,
        weight: target.Weight,
      })),
    ),
  lattice: (template) =>
    theRoute(template, 'AppLatticeRule', (properties) =>
      properties.Action.Forward.TargetGroups.map((target: any) => ({
        id: target.TargetGroupIdentifier['Fn::GetAtt'][0],
        weight: target.Weight,
      })),
    ),
};

function theRoute(template: TemplateJson, idPrefix: string, targets: (properties: any) => Target[]) {
  const found = Object.entries(template.Resources).filter(([id]) => new RegExp(`^${idPrefix}[0-9A-F]{8}$`).test(id));
  expect(found).toHaveLength(1);
  const resource = found[0]?.[1] as Resource;
  return { resource, targets: targets(resource.Properties) };
}

/** Every statement of an identity policy, with the id of its resource. */
function statements(template: TemplateJson): { id: string; Action: string | string[]; Resource: unknown }[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const documents =
      Type === 'AWS::IAM::Policy'
        ? [Properties.PolicyDocument]
        : Type === 'AWS::IAM::Role'
          ? (Properties.Policies ?? []).map((policy: any) => policy.PolicyDocument)
          : [];
    return documents.flatMap((document: any) => document.Statement.map((statement: any) => ({ id, ...statement })));
  });
}

// Actions that have no resource type, so that AWS takes nothing but * for them; and what the CDK asks for ECS Exec as AWS documents it.
const withoutResource = /^(xray:|ssmmessages:|ec2:Describe|ecr:GetAuthorizationToken$|logs:DescribeLogGroups$)/;

function checkRules(template: TemplateJson, flags: Context): void {
  const { slots, trafficPlane } = readSettings({ ...freshContext, ...flags });
  const active = slotNames.filter((slot) => slots[slot].active);
  const { resource: route, targets } = routes[trafficPlane](template);

  // Only active slots exist, and each of them is one target with its own weight, 0 included.
  for (const slot of slotNames) {
    const own = Object.keys(template.Resources).filter((id) => id.startsWith(slotPrefix[slot]));
    expect(own.length > 0).toBe(slots[slot].active);
  }
  expect(targets.map(({ id }) => slotOf(id))).toEqual(active);
  expect(targets.map(({ weight }) => weight)).toEqual(active.map((slot) => slots[slot].weight));
  expect(targets.reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThanOrEqual(1);

  // The route comes after the ECS services of all its targets.
  const services = resourcesOf(template, 'AWS::ECS::Service').flatMap(([id]) => (slotOf(id) ? [id] : []));
  expect(services.map(slotOf)).toEqual(active);
  expect(route.DependsOn).toEqual(expect.arrayContaining(services));

  // Nothing of one slot refers to the other.
  for (const [id, resource] of Object.entries(template.Resources)) {
    const slot = slotOf(id);
    const other = slotNames.find((name) => name !== slot) as SlotName;
    if (slot) {
      expect(JSON.stringify(resource)).not.toContain(slotPrefix[other]);
    }
  }

  // No * where an ARN can stand, and what a slot may do it may do to itself only.
  for (const { id, Action, Resource } of statements(template)) {
    if (Resource === '*') {
      expect([Action].flat().filter((action) => !withoutResource.test(action))).toEqual([]);
    } else {
      // The streams of a log group, as AWS writes them.
      expect(JSON.stringify(Resource).replace(/(:log-group:[^"]+):\*"/g, '$1"')).not.toContain('*');
    }
    const slot = slotOf(id);
    if (slot && Resource !== '*') {
      expect(JSON.stringify(Resource)).toContain(`"${slotPrefix[slot]}`);
    }
  }
}

function slotOf(id: string): SlotName | undefined {
  return slotNames.find((slot) => id.startsWith(slotPrefix[slot]));
}

test('any flags give a template that keeps the rules, or settings errors', () => {
  const seen = { templates: 0, errors: 0 };
  fc.assert(
    fc.property(anyFlags, (flags) => {
      let template: TemplateJson;
      try {
        template = synthesized(flags);
      } catch (error) {
        expect(error).toBeInstanceOf(SettingsError);
        seen.errors += 1;
        return;
      }
      seen.templates += 1;
      checkRules(template, flags);
    }),
    { numRuns: 150 },
  );
  // Guards the generator: both outcomes must really occur.
  expect(seen.templates).toBeGreaterThan(20);
  expect(seen.errors).toBeGreaterThan(20);
});

const weights = (max: number) => [0, 1, max - 1, max];
const states = planeNames.flatMap((trafficPlane) => {
  const max = trafficPlane === 'app-mesh' ? 100 : 999;
  return [true, false].flatMap((blueActive) =>
    [true, false].flatMap((greenActive) =>
      weights(max).flatMap((blueWeight) =>
        weights(max).map((greenWeight) => ({ trafficPlane, blueActive, blueWeight, greenActive, greenWeight })),
      ),
    ),
  );
});

test('every combination of flags at the ends of their ranges keeps the rules, or is refused exactly when it must be', () => {
  for (const flags of states) {
    const sum = (flags.blueActive ? flags.blueWeight : 0) + (flags.greenActive ? flags.greenWeight : 0);
    const legal = sum >= 1 && (flags.trafficPlane !== 'app-mesh' || sum <= 100);
    if (legal) {
      readSettings({ ...freshContext, ...flags });
    } else {
      expect(() => readSettings({ ...freshContext, ...flags })).toThrow(SettingsError);
    }
  }
});

test.each(planeNames)(
  'the execution role, which all slots share, is the same whatever slots are active on %s',
  (trafficPlane) => {
    const role = (flags: Context) =>
      Object.entries(templateOf({ trafficPlane, ...flags }).Resources).filter(([id]) => id.startsWith('AppExecutionRole'));
    expect(role({ greenActive: true })).toEqual(role({}));
    expect(role({ blueActive: false, greenActive: true, greenWeight: 1 })).toEqual(role({}));
    expect(JSON.stringify(role({}))).toContain('logs:PutLogEvents');
  },
);

test.each(planeNames)('a broken template is noticed on %s: the rules can fail', (trafficPlane) => {
  const flags = { trafficPlane, greenActive: true, greenWeight: 3 };
  const template = templateOf(flags);
  checkRules(template, flags);
  expect(() => checkRules(template, { ...flags, greenWeight: 4 })).toThrow();
  expect(() => checkRules(template, { ...flags, greenActive: false })).toThrow();
  const { resource } = routes[trafficPlane](template);
  const withoutOrder = JSON.parse(JSON.stringify(template).replaceAll(JSON.stringify(resource.DependsOn), '[]'));
  expect(() => checkRules(withoutOrder, flags)).toThrow();
});
