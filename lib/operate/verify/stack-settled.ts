import type { Status } from '../status/status';
import type { VerifyItem } from './verify-item';

/** Whether nobody else deploys, and nothing has been left half done. */
export function verifyStackSettled({ stack, stackStatus, differences }: Status): VerifyItem {
  const item = { part: 'stack', name: 'settled' } as const;
  const unsettled = differences.find(({ word }) => word !== 'differs');
  return unsettled
    ? { ...item, verdict: 'not ok', sentence: unsettled.problem, mend: unsettled.mend }
    : { ...item, verdict: 'ok', sentence: `${stack} is ${stackStatus}` };
}
