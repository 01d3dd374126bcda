import { withPrefix } from '../fresh-context';
import { state } from '../settings/context';
import type { Context } from './cdk';
import { Checkout } from './checkout';
import { planeCases } from './planes';
import { expectLogsOnly, Stage } from './stage';

// The planes that run on AWS; a test of the stack compares the names of two stages on every plane.
describe.each(['load-balancer', 'lattice'] as const)('two stages of one checkout on %s', (trafficPlane) => {
  const checkout = new Checkout({ 'prod:desiredCount': 2 }, { ...withPrefix('dev', state), ...withPrefix('prod', state) });
  const { weights } = planeCases[trafficPlane];
  const of = (stage: string, flags: Context = {}): Context => ({ trafficPlane, stage, ...flags });
  const blueOnly = (name: string) => ({ [`${name}-blue`]: 1 });
  let local: Stage;

  beforeAll(async () => {
    local = await Stage.open({ folder: checkout.folder, context: of('dev') });
  });

  afterAll(async () => {
    await local?.close();
    checkout.remove();
  });

  test('stand beside each other', async () => {
    await local.deploy(of('dev'));
    await local.deploy(of('prod'));
    expect(await weights(local.emulator, 'sample-dev')).toEqual(blueOnly('sample-dev'));
    expect(await weights(local.emulator, 'sample-prod')).toEqual(blueOnly('sample-prod'));
  });

  test('a release of one leaves the other alone', async () => {
    const join = await local.deploy(of('prod', { greenActive: true }));
    const shift = await local.deploy(of('prod', { greenActive: true, greenWeight: 1 }));

    const stacks = [...join.events, ...shift.events].map(({ stack }) => stack);
    expect(new Set(stacks)).toEqual(new Set(['sample-prod-blue-green']));
    expect(await weights(local.emulator, 'sample-prod')).toEqual({ 'sample-prod-blue': 1, 'sample-prod-green': 1 });
    expect(await weights(local.emulator, 'sample-dev')).toEqual(blueOnly('sample-dev'));
  });

  // The rest has nothing to do with the plane.
  if (trafficPlane !== 'load-balancer') {
    return;
  }

  test('a deploy of files that are out of date is refused by the keys of the stage', async () => {
    const { code, output } = await local.tryDeploy(of('prod'));
    expect(code).toBe(1);
    expect(output).toContain(
      'prod:greenActive: got false, expected true, since green answers requests (weight 1): keep prod:greenActive true and ' +
        'prod:greenWeight 1, or deploy prod:greenWeight 0 first',
    );
    expect(await weights(local.emulator, 'sample-prod')).toEqual({ 'sample-prod-blue': 1, 'sample-prod-green': 1 });
  });

  test('with its state written down, one has nothing to deploy, nor has the other', async () => {
    checkout.hold(withPrefix('prod', { ...state, greenActive: true, greenWeight: 1 }));
    expect((await local.deploy(of('prod'))).events).toEqual([]);
    expect((await local.deploy(of('dev'))).events).toEqual([]);
  });

  test('one is destroyed, and the other stays', async () => {
    await local.destroy(of('dev'));
    expectLogsOnly((await local.leftovers()).filter(({ stack }) => stack === 'sample-dev-blue-green'));
    expect(await weights(local.emulator, 'sample-prod')).toEqual({ 'sample-prod-blue': 1, 'sample-prod-green': 1 });
  });
});
