import type { ReleaseStep } from '../../release/release';
import type { AskedService } from '../asked-service';
import { placeOf, stepTemplate } from '../declared/step-template';
import type { DeployedStack } from '../deployed/deployed-stack';
import { exitCodes } from '../exit-codes';
import { OperateError } from '../operate-error';
import { proveOrders } from '../orders/prove-orders';
import { templateDifference } from '../plan/template-difference';
import { guardOf } from '../template/guarded-state';
import type { StackTemplate } from '../template/stack-template';
import type { Check } from './check';
import { checkDifference } from './expected-difference';
import { checkGuardRule } from './guard-rule';
import { checkOrders } from './orders';
import type { Sight } from './sight';
import { stepKind } from './step-kind';

/** The checks of what a step would change. It is the same for as long as what is deployed, and what is declared, is the same. */
export class StepChecks {
  private last: { readonly of: string; readonly checks: readonly Check[] } | undefined;

  constructor(private readonly asked: AskedService) {}

  /** @throws SettingsError when the files cannot be deployed */
  async look({ state: after }: Pick<ReleaseStep, 'state'>, { stack, state }: Sight): Promise<readonly Check[]> {
    const template = stepTemplate(this.asked, after, placeOf(stack.id)) as StackTemplate;
    const of = `${stack.template}\n${JSON.stringify(template)}`;
    if (this.last?.of !== of) {
      const deployed = JSON.parse(stack.template) as StackTemplate;
      const difference = await templateDifference(deployed, template);
      this.last = {
        of,
        checks: [
          checkDifference(difference, stepKind(state, after)),
          checkGuardRule(guarded(deployed, stack).state, guarded(template, stack).state, guarded(template, stack).settingNames),
          checkOrders(proveOrders(deployed, template, difference.replacedIds)),
        ],
      };
    }
    return this.last.checks;
  }
}

function guarded(template: StackTemplate, { name }: DeployedStack) {
  const guard = guardOf(template);
  if (guard === undefined) {
    throw new OperateError(
      `stack ${name}: got no release guard, expected one, since the state of a release is read from it; deploy with guard=true`,
      exitCodes.refused,
    );
  }
  return guard;
}
