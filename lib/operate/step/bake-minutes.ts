import type { StepKind } from '../gate/step-kind';

// An alarm needs three bad minutes, and metrics come one to three minutes late; those of VPC Lattice later still.
const usualMinutes = 5;
const latticeMinutes = 10;

/** For how many minutes CloudFormation watches a step after its last change; none where no request moves. */
export function bakeMinutes({ kind }: StepKind, plane: string, asked?: number): number {
  if (kind !== 'weights') {
    return 0;
  }
  return asked ?? (plane === 'lattice' ? latticeMinutes : usualMinutes);
}
