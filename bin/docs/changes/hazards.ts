import { claimsOf } from './claims';
import type { ChangedTemplate, TemplateChange, TemplateResource } from './template-change';

/** What must not happen to a live stack, one line each. */
export interface Hazards {
  /** What AWS refuses, so that the deploy ends in a rollback. */
  readonly fails: readonly string[];

  /** What turns callers away, for a moment or for good. */
  readonly cuts: readonly string[];
}

/**
 * What is wrong with a change of a live stack.
 *
 * @param before the template that is deployed
 * @param change what CloudFormation will do
 * @param hasRequests whether callers depend on a resource; not those of a slot without requests
 */
export function hazards(before: ChangedTemplate, change: TemplateChange, hasRequests: (logicalId: string) => boolean): Hazards {
  return {
    fails: [
      ...unknownTypes(change),
      ...otherTypes(change),
      ...takenAlready(before, change),
      ...secondLoadBalancers(before, change),
      ...listsLeftOut(before, change),
      ...otherNetworks(change),
    ],
    cuts: [...takenAway(before, change, hasRequests), ...turnedOver(change, hasRequests)],
  };
}

function unknownTypes({ after }: TemplateChange): string[] {
  const unknown = Object.values(after).filter((resource) => claimsOf(resource) === undefined);
  return [...new Set(unknown.map(({ Type }) => `${Type}: nobody has said what only one of them can have; add it to claims.ts`))];
}

function otherTypes({ replaced }: TemplateChange): string[] {
  const changed = [...replaced].filter(([, [reason]]) => reason === 'Type');
  return changed.map(([id]) => `${id}: a resource does not change its type`);
}

// CloudFormation makes the new resource while the old one is still there, and changes others one after the other.
function takenAlready({ Resources }: ChangedTemplate, { after, created, replaced, updated }: TemplateChange): string[] {
  const owners = new Map<string, string>(
    Object.entries(Resources).flatMap(([id, resource]) => (claimsOf(resource) ?? []).map((claim) => [claim, id] as const)),
  );
  return [...created, ...replaced.keys(), ...updated.keys()].flatMap((id) =>
    (claimsOf(after[id] as TemplateResource) ?? []).flatMap((claim) => {
      const owner = owners.get(claim);
      const free = owner === undefined || (owner === id && !replaced.has(id));
      return free ? [] : [`${id}: ${claim} is taken by ${owner === id ? 'the one that it replaces' : owner}`];
    }),
  );
}

// "A target group can be associated with one load balancer": https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
function secondLoadBalancers({ Resources }: ChangedTemplate, { after, created, replaced }: TemplateChange): string[] {
  const isNew = (id: string) => created.includes(id) || replaced.has(id);
  const [was, is] = [loadBalancersOf(Resources), loadBalancersOf(after)];
  return [...is].flatMap(([targetGroup, loadBalancers]) => {
    const old = was.get(targetGroup);
    const others = isNew(targetGroup) || !old ? [] : loadBalancers.filter((id) => !old.includes(id) || replaced.has(id));
    return others.map((id) => `${targetGroup}: joins the new ${id} while it is still on the old one`);
  });
}

/** The load balancers of each target group, by the rules and listeners that forward to it. */
function loadBalancersOf(resources: Readonly<Record<string, TemplateResource>>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [id, { Type, Properties = {} }] of Object.entries(resources)) {
    const listener = Type.endsWith('V2::ListenerRule') ? referredTo(Properties.ListenerArn)[0] : id;
    const loadBalancer = referredTo(resources[listener ?? '']?.Properties?.LoadBalancerArn)[0];
    if (loadBalancer !== undefined && /V2::Listener(Rule)?$/.test(Type)) {
      for (const group of referredTo([Properties.Actions, Properties.DefaultActions])) {
        found.set(group, [...new Set([...(found.get(group) ?? []), loadBalancer])]);
      }
    }
  }
  return found;
}

function referredTo(part: unknown): string[] {
  return [...JSON.stringify(part ?? '').matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^" ]+)/g)].map(([, id = '']) => id);
}

// A list that is not there leaves what is: "To remove this property from your service resource, specify an empty array".
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
const lists = ['LoadBalancers', 'ServiceRegistries', 'VpcLatticeConfigurations'];

function listsLeftOut({ Resources }: ChangedTemplate, { after, updated }: TemplateChange): string[] {
  return [...updated.keys()]
    .filter((id) => after[id]?.Type === 'AWS::ECS::Service')
    .flatMap((id) =>
      lists
        .filter((list) => [Resources[id]?.Properties?.[list] ?? []].flat().length > 0)
        .filter((list) => after[id]?.Properties?.[list] === undefined)
        .map((list) => `${id}: ${list} is left out, and not empty, so that the old ones stay`),
    );
}

// A load balancer stays in its VPC: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
function otherNetworks({ after, replaced, updated }: TemplateChange): string[] {
  const moves = [...replaced.values()].some((names) => names.includes('VpcId'));
  return [...updated]
    .filter(([id, names]) => moves && after[id]?.Type.endsWith('V2::LoadBalancer') && names.includes('Subnets'))
    .map(([id]) => `${id}: a load balancer does not move to another VPC`);
}

// What carries requests, or is what it carries them in.
const carrying =
  /^AWS::(ECS::(Service|Cluster)|ElasticLoadBalancingV2::|VpcLattice::(?!AccessLog|AuthPolicy)|AppMesh::|ServiceDiscovery::|EC2::(VPC|Subnet|Route|InternetGateway))/;

function takenAway(
  { Resources }: ChangedTemplate,
  { replaced, deleted }: TemplateChange,
  hasRequests: (logicalId: string) => boolean,
): string[] {
  const gone = [
    ...[...replaced].map(([id, names]) => [id, names.join(', ')] as const),
    ...deleted.map((id) => [id, ''] as const),
  ];
  return gone
    .filter(([id]) => carrying.test(Resources[id]?.Type ?? '') && hasRequests(id) && !isPreview(Resources[id]))
    .map(([id, names]) => `${id}: ${names === '' ? 'deleted' : `replaced for ${names}`} while requests go through it`);
}

// What callers must know in order to reach a service, by type.
const address: Readonly<Record<string, readonly string[]>> = {
  'AWS::ElasticLoadBalancingV2::Listener': ['Port', 'Protocol'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['IpAddressType', 'Subnets'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['Conditions'],
  'AWS::VpcLattice::Service': ['AuthType'],
  'AWS::VpcLattice::Rule': ['Match'],
  'AWS::AppMesh::VirtualRouter': ['Spec'],
  'AWS::AppMesh::VirtualGateway': ['Spec'],
  'AWS::AppMesh::GatewayRoute': ['Spec'],
};

function turnedOver({ after, updated }: TemplateChange, hasRequests: (logicalId: string) => boolean): string[] {
  return [...updated].flatMap(([id, names]) => {
    const moved = names.filter((name) => address[after[id]?.Type ?? '']?.includes(name));
    return moved.length > 0 && hasRequests(id) && !isPreview(after[id]) ? [`${id}: ${moved.join(', ')} changes for callers`] : [];
  });
}

// A rule that asks for a header is for who looks at a slot before anybody else does.
function isPreview(resource: TemplateResource | undefined): boolean {
  return /"(HttpHeaderConfig|HeaderMatches|Headers)"/.test(JSON.stringify(resource?.Properties));
}
