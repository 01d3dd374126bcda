import { templateDifference } from '../../../lib/operate/plan/template-difference';
import { planeNames } from '../../../lib/release/plane-limits';
import { ladderTemplates, rich, templateOf, withResource } from '../step-templates';

const half = { blue: { active: true, weight: 1 }, green: { active: true, weight: 1 } };
const none = { created: [], changed: [], deleted: [], replaced: [], replacedIds: [] };

describe.each(planeNames)('what a step changes on %s', (plane) => {
  const route = {
    'app-mesh': 'AWS::AppMesh::Route App/Route',
    'load-balancer': 'AWS::ElasticLoadBalancingV2::ListenerRule App/ProductionRule',
    lattice: 'AWS::VpcLattice::Rule App/LatticeRule',
  }[plane];
  const changed = [route, 'Custom::ReleaseGuard App/Guard'];

  it('is the route and the guard, and a slot that joins or leaves as a whole', async () => {
    const steps = ladderTemplates(plane, rich[plane]);
    for (const [index, { name, template }] of steps.slice(1).entries()) {
      const difference = await templateDifference(steps[index]?.template ?? {}, template);
      const [joins, leaves] = [name === 'green at 0', name === 'green only'];
      expect(difference).toMatchObject({ changed, replaced: [], replacedIds: [] });
      expect(difference.created.every((each) => / App\/Green\//.test(each)) && difference.created.length > 0).toBe(joins);
      expect(difference.deleted.every((each) => / App\/Blue\//.test(each)) && difference.deleted.length > 0).toBe(leaves);
      if (joins) {
        expect(difference.created).toContain('AWS::ECS::Service App/Green/Service/Service');
      }
    }
  });
});

describe('the difference of two templates', () => {
  const template = templateOf('load-balancer', half);
  const [task] = Object.keys(template.Resources ?? {}).filter((id) => /GreenTaskDefinition/.test(id));

  it('is nothing where metadata, outputs and what is waited for change', async () => {
    const other = withResource(template, 'AppGuard74E9641B', (guard) => ({
      ...guard,
      DependsOn: task as string,
      Metadata: { ...guard.Metadata, note: 'new' },
    }));
    const more = { CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2' } } };
    const withMore = { ...other, Resources: { ...other.Resources, ...more }, Outputs: {} };
    const copy = structuredClone(withMore);
    expect(await templateDifference(template, withMore)).toEqual(none);
    expect(withMore).toEqual(copy);
  });

  it('names what is replaced, and what changes with it', async () => {
    const other = withResource(template, task as string, ({ Properties, ...resource }) => ({
      ...resource,
      Properties: { ...Properties, Cpu: '2048' },
    }));
    expect(await templateDifference(template, other)).toEqual({
      ...none,
      changed: ['AWS::ECS::Service App/Green/Service/Service'],
      replaced: ['AWS::ECS::TaskDefinition App/Green/TaskDefinition'],
      replacedIds: [task],
    });
  });
});
