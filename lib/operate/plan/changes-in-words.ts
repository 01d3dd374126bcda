/** What a step changes, in a few words: the route, with which the guard goes, and how many others. */
export function changesInWords(changed: readonly string[]): string {
  const others = otherChanges(changed).length;
  const known = changed.length - others;
  return [...(known > 0 ? ['route'] : []), ...(others > 0 ? [`${others}${known > 0 ? ' more' : ''}`] : [])].join(', ') || '–';
}

/** The resources that no step of a release has to change. */
export function otherChanges(changed: readonly string[]): readonly string[] {
  return changed.filter((resource) => !ofEveryStep.includes(resource.split(' ')[0] ?? ''));
}

// The guard lets the route through.
const ofEveryStep = [
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::VpcLattice::Rule',
  'AWS::AppMesh::Route',
  'Custom::ReleaseGuard',
];
