import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { type PlaneName, planeLimits } from '../../lib/release/plane-limits';
import { type ReleaseState, release } from '../../lib/release/release';
import { demoImages } from '../../lib/settings/demo';
import { flagsOf } from '../../lib/settings/flags';
import { Stacks } from '../local/emulator/stacks';
import { appCommands, imageOf } from './apps/commands';
import type { Context } from './cdk';
import { familyOf, planeCases, servicePath, slotServices } from './planes';
import { Requests } from './requests';
import { expectLogsOnly, Stage } from './stage';

const steps = release();
const state = (name: string): ReleaseState => {
  const step = steps.find((candidate) => candidate.name === name);
  if (!step) {
    throw new Error(`no step ${name}`);
  }
  return step.state;
};
const blueOnly = state('blue only');
const greenAt0 = state('green at 0');
const half = state('50/50');

/** Requests per second. */
const rate = 100;

/** Deploys that go wrong on one traffic plane, one after the other in one account. */
export function testFailuresOn(plane: PlaneName): void {
  const { route, weights, beside } = planeCases[plane];
  const routePath = `${servicePath}/${route.id}`;
  // The first deploy in which green is there: with requests at once, where the route waits for it.
  const joined = planeLimits[plane].routeWaits ? half : greenAt0;
  const [one, two] = ['one', 'two'] as const;
  let stage: Stage;
  let stacks: Stacks;
  // Of the users of one, from its first deploy on.
  let requests: Requests | undefined;

  const context = (appName: string, flags: ReleaseState, more: Context = {}): Context => ({
    trafficPlane: plane,
    appName,
    // So that a slot that never gets healthy is given up soon.
    ...(plane === 'app-mesh' ? {} : { healthcheckGracePeriod: 5 }),
    healthcheckUnhealthyThreshold: 3,
    ...beside?.(appName),
    ...flagsOf(flags),
    ...more,
  });
  const weightsOf = (appName: string) => weights(stage.emulator, appName);
  const families = async (appName: string) => (await slotServices(stage.emulator, appName)).map(familyOf).sort();

  describe(`failures on ${plane}`, () => {
    beforeAll(async () => {
      stage = await Stage.open({ isSynthesizedHere: true, byImage: appCommands });
      stacks = new Stacks(stage.emulator);
    });

    afterEach(async () => {
      await stage.emulator.release();
      // Whatever went wrong: what was there before has answered all of its requests.
      expect(requests?.lost).toEqual({});
      expect(requests?.answered).toBeGreaterThan(0);
    });

    afterAll(async () => {
      await requests?.stop();
      await stage?.close();
    });

    test('two apps in one account leave each other alone', async () => {
      await stage.deploy(context(one, blueOnly));
      requests = new Requests(await stage.url(one), { rate });
      const second = await stage.deploy(context(two, half));
      expect(new Set(second.events.map(({ stack }) => stack))).toEqual(new Set(['two-blue-green']));
      expect(await weightsOf(one)).toEqual({ 'one-blue': 1 });
      expect(await weightsOf(two)).toEqual({ 'two-blue': 1, 'two-green': 1 });

      await stage.destroy(context(two, half));
      expect(await weightsOf(one)).toEqual({ 'one-blue': 1 });
      expect(await weightsOf(two)).toEqual({});
      expectLogsOnly((await stage.leftovers()).filter(({ stack }) => stack !== 'one-blue-green'));
    });

    test.each([
      ...(plane === 'load-balancer'
        ? [
            {
              what: 'the new slot ends at its start',
              more: { greenImage: imageOf('dies') },
              reason: /Deployment Circuit Breaker was triggered/,
              routeTouched: false,
            },
          ]
        : []),
      {
        what: 'the new slot never gets healthy',
        more: { greenImage: imageOf('sick') },
        reason: /Deployment Circuit Breaker was triggered/,
        routeTouched: false,
      },
      {
        what: 'the route cannot be updated',
        fail: { effect: 'fail', type: route.type, verb: 'update', reason: 'the route cannot be updated' } as const,
        reason: /the route cannot be updated/,
        routeTouched: true,
      },
    ])('$what: the stack rolls back, and the old slot has all requests', async ({ fail, more, reason, routeTouched }) => {
      const before = await stage.leftovers();
      if (fail) {
        await stage.emulator.intervene(fail);
      }
      const { code, output, changes } = await stage.tryDeploy(context(one, joined, more));

      expect(code).toBe(1);
      expect(output).toMatch(reason);
      expect(await stage.emulator.met()).toBe(fail ? 1 : 0);
      expect(await stacks.status('one-blue-green')).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await weightsOf(one)).toEqual({ 'one-blue': 1 });
      expect(await families(one)).toEqual(['one-blue']);
      await requests?.expectSplit({ blue: 1, green: 0 });
      expect(changes.filter(({ path }) => path.startsWith(`${servicePath}/Blue/`))).toEqual([]);
      expect(changes.some(({ path }) => path === routePath)).toBe(routeTouched);
      expect(await stage.leftovers()).toEqual(before);
    });

    test('the next deploy goes through', async () => {
      await stage.deploy(context(one, joined));
      await stage.deploy(context(one, half));
      expect(await weightsOf(one)).toEqual({ 'one-blue': 1, 'one-green': 1 });
      expect(await families(one)).toEqual(['one-blue', 'one-green']);
    });

    // What ECS and CloudFormation do is the same on all planes: it is tried on one of them.
    if (plane === 'load-balancer') {
      test('a new image does not become stable: the slot goes back to the old one, together with the weights', async () => {
        const images = () => slotImages(stage, one);
        await stage.deploy(context(one, greenAt0));
        const before = await images();
        const shifted = planeLimits[plane].routeWaits ? half : { ...greenAt0, blue: { ...greenAt0.blue, weight: 9 } };
        const { code, changes } = await stage.tryDeploy(context(one, shifted, { greenImage: imageOf('dies') }));

        expect(code).toBe(1);
        expect(await stacks.status('one-blue-green')).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await weightsOf(one)).toEqual({ 'one-blue': 1, 'one-green': 0 });
        expect(await images()).toEqual(before);
        expect(changes.filter(({ path }) => path.startsWith(`${servicePath}/Blue/`) || path === routePath)).toEqual([]);
        await stage.deploy(context(one, half));
      });

      test('only the weights are wrong on the way: the route gets its old weights back', async () => {
        await stage.emulator.intervene({ effect: 'fail', type: route.type, verb: 'update', reason: 'throttled' });
        const shifted = { ...half, blue: { ...half.blue, weight: 0 } };
        const { code } = await stage.tryDeploy(context(one, shifted));

        expect(code).toBe(1);
        expect(await weightsOf(one)).toEqual({ 'one-blue': 1, 'one-green': 1 });
        await stage.emulator.release();
        await stage.deploy(context(one, shifted));
        expect(await weightsOf(one)).toEqual({ 'one-blue': 0, 'one-green': 1 });
      });

      test('the command line is killed in the middle: CloudFormation finishes by itself, and the next deploy goes through', async () => {
        await stage.deploy(context(one, greenAt0));
        await stage.deploy(context(one, blueOnly));
        await stage.emulator.intervene({ effect: 'hold', type: 'AWS::ECS::Service', verb: 'create', name: 'one-green' });
        const killed = stage.startDeploy(context(one, joined));
        await until(async () => (await stage.emulator.met()) === 1);
        killed.kill();
        expect((await killed.result).code).toBeNull();
        expect(await stacks.status('one-blue-green')).toBe('UPDATE_IN_PROGRESS');
        expect(await weightsOf(one)).toEqual({ 'one-blue': 1 });

        await stage.emulator.release();
        await until(async () => (await stacks.status('one-blue-green')) === 'UPDATE_COMPLETE');
        expect(await weightsOf(one)).toEqual({ 'one-blue': 1, 'one-green': joined.green.weight });

        const next = await stage.deploy(context(one, state('blue at 0')));
        expect(next.changes.map(({ path }) => path)).toEqual([`${servicePath}/Guard`, routePath]);
        expect(await weightsOf(one)).toEqual({ 'one-blue': 0, 'one-green': 1 });
      });
    }

    test('a new image in the slot without requests', async () => {
      await stage.deploy(context(one, greenAt0));
      await stage.deploy(context(one, greenAt0, { greenImage: demoImages.blue }));
      await requests?.expectSplit({ blue: 1, green: 0 });
      await stage.deploy(context(one, half, { greenImage: demoImages.blue }));
      await requests?.expectSplit({ blue: 1, green: 1 });
    });

    test('a new version that dies when it gets requests, and the deploy that goes back: blue answers all of its own', async () => {
      const greenImage = imageOf('fragile');
      await stage.deploy(context(one, greenAt0, { greenImage: demoImages.blue }));
      await stage.deploy(context(one, greenAt0, { greenImage }));
      await requests?.stop();
      const seen = new Requests(await stage.url(one), { rate });
      await stage.deploy(context(one, half, { greenImage }));
      await seen.split();
      expect(Object.keys(seen.lost)).not.toEqual([]);
      expect(seen.all.filter(({ appSlot, status }) => appSlot === 'blue' && status !== 200)).toEqual([]);

      await stage.deploy(context(one, greenAt0, { greenImage }));
      const { lost } = seen;
      await seen.expectSplit({ blue: 1, green: 0 });
      expect(seen.lost).toEqual(lost);
      await seen.stop();
      requests = new Requests(await stage.url(one), { rate });
      await stage.deploy(context(one, blueOnly));
    });

    test('a slot that leaves while its answers take five seconds: none is cut', async () => {
      const slow = { blueImage: imageOf('slow'), greenImage: imageOf('slow') };
      await stage.deploy(context(two, half, slow));
      const seen = new Requests(await stage.url(two), { rate: 50 });
      await seen.split(300);
      const { events } = await stage.deploy(
        context(two, { ...half, blue: { active: false, weight: 0 } }, { ...slow, allowUnsafe: 'blue leaves with requests' }),
      );
      const gone = events.find(({ type, verb }) => type === 'AWS::ECS::Service' && verb === 'delete')?.time ?? 0;
      await seen.split(100);
      await seen.stop();
      expect(seen.lost).toEqual({});
      // Some were under way to it when it was told to go.
      const last = Math.max(...seen.all.filter(({ appSlot }) => appSlot === 'blue').map(({ endedAt }) => endedAt));
      const sent = seen.all.filter(({ appSlot, endedAt }) => appSlot === 'blue' && endedAt > last - 4000);
      expect(sent.length).toBeGreaterThan(10);
      // And it was not gone before they were answered.
      expect(performance.timeOrigin + last).toBeLessThan(gone * 1000);
    });

    test('no command, and no function, has tried to reach another machine', () => {
      expect(stage.emulator.refusedConnections).toBe('');
    });
  });
}

/** The images that the services of an app run, by the family of their tasks. */
async function slotImages({ emulator }: Stage, appName: string): Promise<Record<string, string[]>> {
  const client = new ECSClient(emulator.client);
  const images = (await slotServices(emulator, appName)).map(async (service) => {
    const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }));
    expect(answer.taskDefinition?.status).toBe('ACTIVE');
    return [familyOf(service), answer.taskDefinition?.containerDefinitions?.map(({ image = '' }) => image) ?? []] as const;
  });
  return Object.fromEntries(await Promise.all(images));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error('waited 30 s in vain');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
