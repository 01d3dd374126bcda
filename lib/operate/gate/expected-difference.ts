import { type SlotName, slotNames } from '../../release/slots';
import { changesInWords } from '../plan/changes-in-words';
import { type Check, failUnless } from './check';
import type { StepKind } from './step-kind';

/** What a step does to the resources of the stack, each as `TYPE path`. */
export interface Difference {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
  readonly replaced: readonly string[];
}

const guardType = 'Custom::ReleaseGuard';

// What holds the weights on each plane.
const routeTypes: readonly string[] = [
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::VpcLattice::Rule',
  'AWS::AppMesh::Route',
];

/** Whether a step changes what it is there for, and nothing else: a release is no way to deploy something besides. */
export function checkDifference(difference: Difference, kind: StepKind): Check {
  const { created, changed, deleted, replaced } = difference;
  const isOf = (slot: SlotName) => (resource: string) => slotOf(resource) === slot;
  const isNew = kind.kind === 'joins' ? isOf(kind.slot) : () => false;
  const isOld = kind.kind === 'leaves' ? isOf(kind.slot) : () => false;
  const offending = [
    ...replaced.map((resource) => ['replace', resource] as const),
    ...created.filter((resource) => !isNew(resource)).map((resource) => ['create', resource] as const),
    ...changed
      .filter((resource) => !replaced.includes(resource) && !changesInAnyStep(resource, kind))
      .map((resource) => ['change', resource] as const),
    ...deleted.filter((resource) => !isOld(resource)).map((resource) => ['delete', resource] as const),
  ];
  const [first] = offending;
  const more = offending.length > 1 ? ` and ${offending.length - 1} more` : '';
  const found = [
    created.length > 0 ? `creates ${created.length}` : '',
    changed.length > 0 ? `changes ${changesInWords(changed)}` : '',
    deleted.length > 0 ? `deletes ${deleted.length}` : '',
  ].filter((part) => part !== '');
  return failUnless(
    'difference',
    first === undefined,
    `difference: ${found.join(', ') || 'none'}, and nothing besides`,
    `this step would ${first?.[0]} ${first?.[1]}${more}; it must only ${meantBy(kind)}. Deploy that first`,
  );
}

function meantBy(kind: StepKind): string {
  switch (kind.kind) {
    case 'joins':
      return `make ${kind.slot}`;
    case 'leaves':
      return `take ${kind.slot} away`;
    default:
      return 'change the route';
  }
}

function changesInAnyStep(resource: string, { kind }: StepKind): boolean {
  const [type = ''] = resource.split(' ');
  // A dashboard of the whole service names its slots.
  return (
    slotOf(resource) === undefined &&
    (type === guardType || routeTypes.includes(type) || (kind !== 'weights' && type === 'AWS::CloudWatch::Dashboard'))
  );
}

/** The slot to which a resource belongs: in its path, as in `App/Green/Service`, the construct of the slot has its name. */
function slotOf(resource: string): SlotName | undefined {
  const [, path = ''] = resource.split(' ');
  const ids = path.split('/').map((id) => id.toLowerCase());
  return slotNames.find((slot) => ids.includes(slot));
}
