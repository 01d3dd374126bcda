import { brokenOrderSentence, type OrderProof } from '../orders/prove-orders';
import { type Check, failUnless } from './check';
import { counted } from './counted';

/** Whether a step is safe in whatever order CloudFormation takes. */
export function checkOrders({ intermediateStates, broken }: OrderProof): Check {
  return failUnless(
    'orders',
    broken === undefined,
    `orders: safe in each of ${counted(intermediateStates, 'state')} between`,
    broken ? brokenOrderSentence(broken) : '',
  );
}
