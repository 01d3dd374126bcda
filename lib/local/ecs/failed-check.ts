/**
 * What a task failed that its traffic plane finds unhealthy: for a load balancer in the words of ECS, which knows no such reason for the
 * other planes.
 *
 * @param targetGroups ARNs of those in which the task is: of a load balancer or of VPC Lattice; none in a mesh
 */
export function failedCheck(targetGroups: readonly string[]): string {
  const planes = new Set(targetGroups.map((arn) => (arn.split(':')[2] === 'vpc-lattice' ? 'VPC Lattice' : 'ELB')));
  const plane = planes.size === 0 ? 'mesh ' : planes.size === 1 ? `${[...planes]} ` : '';
  // Of several groups it is not known which one it was.
  return `Task failed ${plane}health checks${targetGroups.length === 1 ? ` in (target-group ${targetGroups})` : ''}`;
}
