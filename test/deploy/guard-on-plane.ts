import { type PlaneName, planeLimits } from '../../lib/release/plane-limits';
import { type ReleaseState, release } from '../../lib/release/release';
import { demoImages } from '../../lib/settings/demo';
import { flagsOf } from '../../lib/settings/flags';
import { Stacks } from '../local/emulator/stacks';
import type { Context } from './cdk';
import { planeCases, slotServices } from './planes';
import { Requests } from './requests';
import { type Deploy, expectLogsOnly, Stage } from './stage';

const appName = 'guarded';
const stackName = `${appName}-blue-green`;
const guardType = 'Custom::ReleaseGuard';
const steps = release();
const [blueOnly, greenAt0, half] = steps.map(({ state }) => state) as [ReleaseState, ReleaseState, ReleaseState];

interface UnsafeDeploy {
  readonly what: string;
  readonly flags: ReleaseState;
  readonly more?: Context;

  /** What the guard says, word for word. */
  readonly sentences: readonly string[];
}

const keepGreen = 'keep it, and put the new one into a slot without requests';

/** Deploys that the guard refuses while both slots answer requests. */
const unsafe = (plane: PlaneName): readonly UnsafeDeploy[] => [
  {
    what: 'flags that are out of date',
    flags: blueOnly,
    sentences: [
      'greenActive: got false, expected true, since green answers requests (weight 1): keep greenActive true and greenWeight 1, or deploy greenWeight 0 first',
    ],
  },
  {
    what: 'a slot that leaves with requests',
    flags: { ...half, blue: { active: false, weight: 0 } },
    sentences: [
      'blueActive: got false, expected true, since blue answers requests (weight 1): keep blueActive true and blueWeight 1, or deploy blueWeight 0 first',
    ],
  },
  {
    what: 'a new image in a slot with requests',
    flags: { ...half, blue: { active: true, weight: 3 } },
    more: { greenImage: demoImages.blue },
    sentences: [
      `greenImage: got "${demoImages.blue}", expected "${demoImages.green}", since green answers requests (weight 1): ${keepGreen}`,
    ],
  },
  {
    what: 'a new variable for both slots',
    flags: half,
    more: { appEnvironment: 'LOG_LEVEL=debug' },
    sentences: ['blue', 'green'].map(
      (slot) =>
        `${slot}AppEnvironment LOG_LEVEL: got "debug", expected none, since ${slot} answers requests (weight 1): ${keepGreen}`,
    ),
  },
  {
    what: 'another label',
    flags: half,
    more: { greenName: 'teal' },
    sentences: [`greenName: got "teal", expected "green", since green answers requests (weight 1): ${keepGreen}`],
  },
  {
    what: 'another plane',
    flags: half,
    more: { trafficPlane: anotherPlane(plane) },
    sentences: [
      `trafficPlane: got "${anotherPlane(plane)}", expected "${plane}", since requests come in there: keep it, and build the new one beside it under another appName`,
    ],
  },
];

/** What the release guard refuses on one traffic plane, and what it lets through. */
export function testGuardOn(plane: PlaneName): void {
  const { weights } = planeCases[plane];
  const allowUnsafe = 'green is broken';
  let stage: Stage;
  let stacks: Stacks;

  const context = (flags: ReleaseState, more: Context = {}): Context => ({
    trafficPlane: plane,
    appName,
    ...flagsOf(flags),
    ...more,
  });

  /** What a request would meet: the weights, the ECS services with their task definitions, and every resource of the stack. */
  const service = async () => ({
    weights: await weights(stage.emulator, appName),
    services: (await slotServices(stage.emulator, appName)).map(({ serviceName, taskDefinition }) => [
      serviceName,
      taskDefinition,
    ]),
    resources: await stage.leftovers(),
  });

  async function expectRefused({ flags, more, sentences }: UnsafeDeploy): Promise<void> {
    const before = await service();
    const { code, output, events, changes } = await stage.tryDeploy(context(flags, more));

    expect(code).toBe(1);
    for (const sentence of sentences) {
      expect(output.replaceAll(/\s+/g, ' ')).toContain(sentence);
    }
    expect(await stacks.status(stackName)).toBe('UPDATE_ROLLBACK_COMPLETE');
    // Nothing that was there is touched; a new plane may have begun beside it.
    const there = new Set(before.resources.map(({ logicalId }) => logicalId));
    expect(events.filter(({ type, logicalId }) => type !== guardType && there.has(logicalId))).toEqual([]);
    expect(guardEvents({ events, changes })).toEqual(['refused', 'let through']);
    expect(await service()).toEqual(before);
  }

  describe(`the guard on ${plane}`, () => {
    beforeAll(async () => {
      stage = await Stage.open({ isSynthesizedHere: true });
      stacks = new Stacks(stage.emulator);
      await stage.deploy(context(blueOnly));
    });

    afterEach(() => stage.emulator.release());
    afterAll(() => stage?.close());

    if (planeLimits[plane].routeWaits) {
      test('a slot that joins with requests goes through, since the route waits for it', async () => {
        await stage.deploy(context(half));
      });
    } else {
      test('a slot that joins with requests is refused, since the route cannot wait for it', async () => {
        await expectRefused({
          what: 'half',
          flags: half,
          sentences: [
            'greenWeight: got 1, expected 0, since green cannot answer yet when the route changes: deploy it with greenWeight 0 first and leave the other weights as they are',
          ],
        });
      });

      test('what the refusal says to do goes through', async () => {
        await stage.deploy(context(greenAt0));
        await stage.deploy(context(half));
      });
    }

    // The rule is the same on all planes: what it refuses, and lets through with a reason, is tried on one of them as a whole.
    const refused = unsafe(plane).filter(({ what }) => plane === 'load-balancer' || /out of date|leaves/.test(what));
    const withReason = refused.filter(({ what }) => plane === 'load-balancer' || /out of date/.test(what));

    describe('under load', () => {
      let requests: Requests;

      beforeAll(async () => {
        requests = new Requests(await stage.url(appName), { rate: 100 });
      });

      afterAll(() => requests?.stop());

      test.each(refused)('$what: refused, and nothing is touched', async (deploy) => {
        await expectRefused(deploy);
        await requests.expectSplit({ blue: 1, green: 1 });
        expect(requests.lost).toEqual({});
      });
    });

    if (plane === 'load-balancer') {
      test('several problems are told at once', async () => {
        const [stale] = unsafe(plane) as [UnsafeDeploy];
        await expectRefused({
          what: 'both',
          flags: stale.flags,
          more: { blueImage: demoImages.green },
          sentences: [
            ...stale.sentences,
            `blueImage: got "${demoImages.green}", expected "${demoImages.blue}", since blue answers requests (weight 1): ${keepGreen}`,
          ],
        });
      });
    }

    test.each(withReason)('$what, with a reason: it goes through', async (deploy) => {
      const before = await service();
      const reason = await stage.deploy(context(deploy.flags, { ...deploy.more, allowUnsafe }));
      expect(guardEvents(reason)).toEqual(['let through']);
      expect(await service()).not.toEqual(before);

      await stage.deploy(context(half, { allowUnsafe }));
      expect(await weights(stage.emulator, appName)).toEqual({ [`${appName}-blue`]: 1, [`${appName}-green`]: 1 });
    });

    test.each(withReason.filter(({ what }) => /out of date|image/.test(what)))(
      '$what after a deploy with a reason: guarded again',
      (deploy) => expectRefused(deploy),
    );

    if (plane === 'load-balancer') {
      test('a deploy with a reason that fails goes back', async () => {
        const before = await service();
        await stage.emulator.intervene({ effect: 'fail', type: 'AWS::ECS::Service', verb: 'update', name: `${appName}-green` });
        const deploy = await stage.tryDeploy(context(half, { greenImage: demoImages.blue, allowUnsafe }));

        expect(deploy.code).toBe(1);
        expect(await stage.emulator.met()).toBe(1);
        expect(guardEvents(deploy)).toEqual(['let through', 'let through']);
        expect(await stacks.status(stackName)).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect((await service()).weights).toEqual(before.weights);
      });

      test('the reason shows in the difference, and goes with the next deploy', async () => {
        const diff = async (more?: Context) => (await stage.cdk.succeed('diff', ...stage.cdk.app(context(half, more)))).output;
        await stage.deploy(context(half));
        const added = await diff({ allowUnsafe });
        expect(added).toMatch(/\[~\] Custom::ReleaseGuard App\/Guard \S+\s+└─ \[\+\] AllowUnsafe\s+└─ green is broken/);
        expect(added).toContain(`allowUnsafe: got "${allowUnsafe}", so nothing refuses this deploy`);
        await stage.deploy(context(half, { allowUnsafe }));
        expect(await diff()).toMatch(/└─ \[-\] AllowUnsafe\s+└─ green is broken/);
      });
    }

    test('a stack is destroyed whatever the weights are', async () => {
      await stage.destroy(context(half));
      expectLogsOnly(await stage.leftovers());
    });

    test('no command has tried to reach another machine', () => {
      expect(stage.emulator.refusedConnections).toBe('');
    });
  });
}

/** What the guard answered in a deploy, call by call. */
function guardEvents({ events }: Pick<Deploy, 'events' | 'changes'>): string[] {
  return events.filter(({ type }) => type === guardType).map(({ problem }) => (problem === null ? 'let through' : 'refused'));
}

function anotherPlane(plane: PlaneName): PlaneName {
  return plane === 'load-balancer' ? 'lattice' : 'load-balancer';
}
