/** A finding of cfn-lint that stays as it is. */
export interface Exception {
  /** Id of the rule. */
  readonly rule: string;

  /** Types of the resources at which it is found. */
  readonly at: RegExp;

  /** Why it is no fault here. */
  readonly reason: string;
}

/** Everything that cfn-lint finds in the templates and that stays. One that finds nothing any more fails the check. */
export const exceptions: readonly Exception[] = [
  {
    rule: 'W3696',
    at: /^AWS::AppMesh::/,
    reason: 'App Mesh is chosen knowingly; the template itself refuses to be deployed where the service is no more',
  },
];
