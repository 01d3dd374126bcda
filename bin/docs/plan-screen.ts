import { makePlan } from '../../lib/operate/plan/plan';
import { planText } from '../../lib/operate/plan/plan-text';
import type { StackTemplate } from '../../lib/operate/template/stack-template';
import { type ReleaseState, type ReleaseStep, release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { synthesize } from '../../lib/stack/synthesize';

/** How wide a screen in the docs is, in characters. */
const room = 100;

const context = {
  trafficPlane: 'load-balancer',
  blueImage: 'example/shop:1.4.0',
  greenImage: 'example/shop:1.5.0',
  'aws:cdk:enable-path-metadata': true,
};

const templateOf = (state: ReleaseState) => synthesize({ ...context, ...flagsOf(state) }).template as StackTemplate;

/** Prints the plan of a release as the command does, from real templates. */
async function main(): Promise<void> {
  const [{ state }] = release() as readonly [ReleaseStep, ...ReleaseStep[]];
  const plan = await makePlan({
    stack: 'sample-blue-green',
    template: templateOf(state),
    state,
    course: { ladder: [5, 25, 50, 100], to: 'green' },
    templateOf,
  });
  process.stdout.write(planText(plan, room, (_, text) => text));
}

main();
