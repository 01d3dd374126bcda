import { type Check, failUnless } from './check';
import { counted } from './counted';

/** What came of the proof over all orders in which CloudFormation may make a step. */
export interface OrdersProof {
  /** So many states between were looked at. */
  readonly intermediateStates: number;

  /** `undefined`: the slots with requests are there in each of them. */
  readonly broken: { readonly order: readonly string[]; readonly problem: string } | undefined;
}

/** Whether a step is safe in whatever order CloudFormation takes. */
export function checkOrders({ intermediateStates, broken }: OrdersProof): Check {
  return failUnless(
    'orders',
    broken === undefined,
    `orders: safe in each of ${counted(intermediateStates, 'state')} between`,
    `an order of the deploy breaks it: ${broken?.problem} (${broken?.order.join(', ')})`,
  );
}
