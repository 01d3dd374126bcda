import { RehearsalError } from '../rehearsal-error';
import type { Template } from '../template/template';
import type { TrafficModel } from './traffic-model';

export function readLattice(_template: Template): TrafficModel {
  throw new RehearsalError('not yet');
}
