import { type ReleaseState, release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import type { Context } from './cdk';
import { familyOf, slotServices } from './planes';
import { expectLogsOnly, Stage } from './stage';

const appName = 'scaled';
const [blueOnly, greenAt0, half, blueAt0, greenOnly] = release().map(({ state }) => state) as [
  ReleaseState,
  ReleaseState,
  ReleaseState,
  ReleaseState,
  ReleaseState,
];
const scaling = { maxTasks: 9, minTasks: 2, scaleAtCpu: 60, scaleAtRequests: 1000 };

describe('slots that scale', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ isSynthesizedHere: true });
  });

  afterAll(() => stage?.close());

  const fixed = (flags: ReleaseState, more: Context = {}): Context => ({
    trafficPlane: 'load-balancer',
    appName,
    ...flagsOf(flags),
    ...more,
  });
  const context = (flags: ReleaseState, more: Context = {}) => fixed(flags, { ...scaling, ...more });

  const counts = async () =>
    Object.fromEntries((await slotServices(stage.emulator, appName)).map((service) => [familyOf(service), service.desiredCount]));

  async function expectRefused(deploy: Context, ...sentences: readonly string[]): Promise<void> {
    const before = await counts();
    const { code, output } = await stage.tryDeploy(deploy);
    expect(code).toBe(1);
    for (const sentence of sentences) {
      expect(output.replaceAll(/\s+/g, ' ')).toContain(sentence);
    }
    expect(await counts()).toEqual(before);
  }

  const early = (slot: string, there: number, wanted: number) =>
    `${slot}Weight: got 1, expected 0, since ${slot} has ${there} of ${wanted} tasks when the route changes: ` +
    `deploy it with ${slot}Weight 0 first and leave the other weights as they are, and wait for its tasks`;

  test('have their tasks before they get requests, and keep them through a release', async () => {
    await stage.deploy(context(blueOnly));
    expect(await counts()).toEqual({ 'scaled-blue': 2 });

    await expectRefused(context(half, { greenMinTasks: 3 }), early('green', 1, 3));
    await stage.deploy(context(greenAt0, { greenMinTasks: 3 }));
    expect(await counts()).toEqual({ 'scaled-blue': 2, 'scaled-green': 3 });

    const { changes } = await stage.deploy(context(half, { greenMinTasks: 3 }));
    expect(changes.map(({ verb, path }) => `${verb} ${path}`)).toEqual(['update App/Guard', 'update App/ProductionRule']);
  });

  test('get other bounds while they answer requests, and not a fixed number', async () => {
    await stage.deploy(context(half, { minTasks: 4 }));
    expect(await counts()).toEqual({ 'scaled-blue': 4, 'scaled-green': 4 });
    await expectRefused(
      fixed(half),
      ...['blue', 'green'].map(
        (slot) =>
          `${slot}MaxTasks: got none, expected 9, since ${slot} answers requests (weight 1) and would lose tasks at once: ` +
          'keep it, or set desiredCount to 9 or more',
      ),
    );
    await stage.deploy(fixed(half, { desiredCount: 9 }));
    expect(await counts()).toEqual({ 'scaled-blue': 9, 'scaled-green': 9 });
    await expectRefused(
      context(half, { maxTasks: 5 }),
      'greenMaxTasks: got 5, expected 9, since green answers requests (weight 1) and would lose tasks at once: set it to 9 or more',
    );
    await stage.deploy(context(half));
    expect(await counts()).toEqual({ 'scaled-blue': 9, 'scaled-green': 9 });
    // A number in place of another is meant as it is.
    await stage.deploy(context(half, { maxTasks: 5 }));
    expect(await counts()).toEqual({ 'scaled-blue': 5, 'scaled-green': 5 });
  });

  test('have enough tasks before they get requests back', async () => {
    await stage.deploy(context(blueAt0));
    await expectRefused(context(half, { blueMinTasks: 6 }), early('blue', 2, 6));
    await stage.deploy(context(blueAt0, { blueMinTasks: 6 }));
    expect(await counts()).toMatchObject({ 'scaled-blue': 6 });
    await stage.deploy(context(half, { blueMinTasks: 6 }));
  });

  test('leave nothing behind', async () => {
    await stage.deploy(context(blueAt0));
    await stage.deploy(context(greenOnly));
    expect(Object.keys(await counts())).toEqual(['scaled-green']);
    await stage.destroy(context(greenOnly));
    expectLogsOnly(await stage.leftovers());
    expect(stage.emulator.refusedConnections).toBe('');
  });
});
