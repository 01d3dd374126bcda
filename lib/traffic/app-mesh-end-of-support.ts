import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

// https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html
/** What a user of App Mesh must know, in one line. */
export const appMeshEndOfSupport =
  'AWS ended App Mesh on 2026-09-30: this app still synthesizes for it, but AWS no longer runs it; ' +
  'to move, deploy with -c trafficPlane=load-balancer or -c trafficPlane=lattice (see the README)';

/** Silences the CDK's warning on every App Mesh resource below a construct; the user gets `appMeshEndOfSupport` once instead. */
export function acknowledgeEndOfSupport(scope: IConstruct): void {
  Validations.of(scope).acknowledge({
    id: 'CloudFormation-Validate::W3696',
    reason: 'App Mesh is chosen knowingly: one notice of the end of support is printed instead of one warning per resource',
  });
}
