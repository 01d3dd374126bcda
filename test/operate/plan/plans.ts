import { makePlan, type ReleasePlan } from '../../../lib/operate/plan/plan';
import type { PlaneName } from '../../../lib/release/plane-limits';
import type { ReleaseState } from '../../../lib/release/release';
import type { Context } from '../../fresh-context';
import { templateOf } from '../step-templates';

/** The plan of a release of `shop` from version 1.4.0 in blue to version 1.5.0 in green. */
export function shopPlan(plane: PlaneName, state: ReleaseState, more: Context = {}): Promise<ReleasePlan> {
  const shop = { appName: 'shop', blueImage: 'registry.example.com/shop:1.4.0', greenImage: 'registry.example.com/shop:1.5.0' };
  return makePlan({
    stack: 'shop-blue-green',
    template: templateOf(plane, state, shop),
    state,
    course: { ladder: [5, 25, 50, 100], to: 'green' },
    templateOf: (step) => templateOf(plane, step, { ...shop, ...more }),
  });
}

export const off = { active: false, weight: 0 };

export const on = (weight: number) => ({ active: true, weight });
