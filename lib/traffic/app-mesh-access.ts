import { CfnParameter, CfnRule, Fn, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The template parameter that says whether an account can still use App Mesh. */
export const appMeshAccess = 'AppMeshAccess';

const ruleId = 'AppMeshHasEnded';

/**
 * Lets CloudFormation refuse a stack with App Mesh in it before it makes anything, unless the parameter `AppMeshAccess` says that the
 * account still has access. Without this a deploy fails after minutes, at the mesh.
 *
 * Once per stack, however many planes are in it. A nested stack is refused with the stack that it is in.
 *
 * @param scope a construct in the stack
 * @param successors what to do instead, in the words of the app
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function askForAppMeshAccess(scope: IConstruct, successors: string): void {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) {
    stack = stack.nestedStackParent;
  }
  if (stack.node.tryFindChild(ruleId)) {
    return;
  }
  const parameter = new CfnParameter(stack, appMeshAccess, {
    description: 'Whether this account can still use App Mesh, which AWS ended on 2026-09-30.',
    default: 'ended',
    allowedValues: ['ended', 'granted'],
  });
  new CfnRule(stack, ruleId, {
    assertions: [
      {
        assert: Fn.conditionEquals(parameter.valueAsString, 'granted'),
        assertDescription: `AWS ended App Mesh on 2026-09-30, so nothing was deployed; ${successors}. An account that still has access deploys with --parameters ${appMeshAccess}=granted`,
      },
    ],
  });
}
