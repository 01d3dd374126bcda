import type { Event } from '../../lib/local/emulator/emulator';
import type { PlaneName } from '../../lib/release/plane-limits';
import { type ReleaseState, type ReleaseStep, release, rollback } from '../../lib/release/release';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { flagsOf } from '../../lib/settings/flags';
import { until } from '../until';
import { familyOf, planeCases, servicePath, slotServices, type Weights } from './planes';
import { type ReportRow, reportRow, writeReport } from './report';
import { Requests } from './requests';
import { ShownPage } from './shown-page';
import { type Change, type Deploy, expectLogsOnly, Stage } from './stage';

const appName = 'sample';

/** Requests per second, and how many of them show whether a split is right. */
const rate = 250;
const sample = 1000;
const [blueOnly, ...steps] = release() as [ReleaseStep, ...ReleaseStep[]];
const wayBack = rollback([blueOnly, ...steps], steps.length);

/** Deploys a whole release and the whole way back on one traffic plane, step by step and under load, and destroys the stack. */
export function testReleaseOn(plane: PlaneName): void {
  const { route, slot: slotTypes, weights } = planeCases[plane];
  const routePath = `${servicePath}/${route.id}`;
  const guardPath = `${servicePath}/Guard`;
  const rows: ReportRow[] = [];
  let stage: Stage;
  let requests: Requests | undefined;
  let page: ShownPage | undefined;

  const context = (state: ReleaseState) => ({ trafficPlane: plane, appName, ...flagsOf(state) });
  const ofRoute = ({ path }: Change) => path === routePath;
  const ofSlot = (name: SlotName) => (change: Change) => change.path.startsWith(`${servicePath}/${constructId(name)}/`);
  const sortedTypes = (changes: readonly Change[]) => changes.map(({ type }) => type).sort();

  async function readBack(state: ReleaseState): Promise<void> {
    const services = await slotServices(stage.emulator, appName);
    expect(services.map(familyOf).sort()).toEqual(active(state).map(family).sort());
    for (const service of services) {
      expect(service).toMatchObject({ status: 'ACTIVE', desiredCount: 1, runningCount: 1 });
    }
    const expected: Weights = Object.fromEntries(active(state).map((name) => [family(name), state[name].weight]));
    expect(await weights(stage.emulator, appName)).toEqual(expected);
  }

  /** ECS refuses a service whose target group no rule uses, so a rule of the slot's own must be there before it. */
  function expectTargetBeforeService(events: readonly Event[], changes: readonly Change[], slot: SlotName): void {
    const service = positionOf(events, 'AWS::ECS::Service', 'create', changes, ofSlot(slot));
    const rules = positionsOf(events, route.type, 'create', changes, ofSlot(slot));
    expect(rules).toHaveLength(slotTypes.filter((type) => type === route.type).length);
    for (const rule of rules) {
      expect(rule).toBeLessThan(service);
    }
  }

  /** The page shows the share that users have seen: of the same ten seconds, but for a moment at either end. */
  async function expectMeasured(shown: ShownPage, label: string): Promise<void> {
    await until(async () => Math.abs((await shown.share(label)) - (requests?.share(label, 10_000) ?? 0)) < 0.03);
  }

  async function deployed(name: string, state: ReleaseState): Promise<Deploy> {
    const deploy = await stage.deploy(context(state));
    rows.push(reportRow(plane, name, deploy));
    expect(deploy.events.filter(({ problem }) => problem !== null)).toEqual([]);
    await readBack(state);

    // The state with the most in it shows it for all of them.
    if (name === '50/50') {
      const again = await stage.deploy(context(state));
      expect(again.output).toContain('(no changes)');
      expect(again.changes).toEqual([]);
      if (page) {
        await expectMeasured(page, 'green');
      }
    }
    requests ??= new Requests(await stage.url(appName), { rate });
    const split = Object.fromEntries(active(state).map((slot) => [slot, state[slot].weight]));
    await requests.expectSplit(split, sample);
    expect(requests.lost).toEqual({});
    await page?.expectAsApisSay(stage.emulator, appName);
    await page?.expectWeights(split);
    return deploy;
  }

  describe(`a release on ${plane}`, () => {
    beforeAll(async () => {
      page = await ShownPage.open({ isStill: true });
      // So that alarms have something to say. On one plane the command line starts the app: it does so in the same way on all of them.
      stage = await Stage.open({ ...page?.callbacks, minuteSeconds: 1, isSynthesizedHere: plane !== 'load-balancer' });
    });

    afterAll(async () => {
      writeReport(plane, rows);
      await requests?.stop();
      await stage?.close();
      await page?.close();
    });

    test(`${blueOnly.name}: everything is created, the route last`, async () => {
      const { events, changes } = await deployed(blueOnly.name, blueOnly.state);
      expect(new Set(changes.map(({ verb }) => verb))).toEqual(new Set(['create']));
      expectTargetBeforeService(events, changes, slotNames[0]);
      expect(positionOf(events, route.type, 'create', changes, ofRoute)).toBeGreaterThan(
        Math.max(...positionsOf(events, 'AWS::ECS::Service', 'create', changes, ofSlot(slotNames[0]))),
      );
    });

    // On one plane cdk deploy goes back, too: the way back is made of the same differences on all of them.
    const deploys = plane === 'load-balancer' ? [...steps, ...wayBack] : steps;
    test.each(deploys.map((step, index) => ({ ...step, before: (deploys[index - 1] ?? blueOnly).state })))(
      '$name: $description',
      async ({ name, state, before }) => {
        // The way back is made of the same differences.
        const isBack = wayBack.some((step) => step.name === name);
        const diff = isBack ? undefined : await stage.diff(context(state));
        const { changes, events } = await deployed(name, state);

        // The diff has told the truth, neither less nor more.
        if (diff) {
          expect(sorted(diff)).toEqual(sorted(changes));
        }
        expect(changes.filter(({ verb }) => verb === 'replace')).toEqual([]);

        const joining = slotNames.filter((slot) => state[slot].active && !before[slot].active);
        const leaving = slotNames.filter((slot) => !state[slot].active && before[slot].active);
        const shared = changes.filter((change) => !slotNames.some((slot) => ofSlot(slot)(change)));
        expect(shared.every(({ verb }) => verb === 'update')).toBe(true);

        if (joining.length + leaving.length === 0) {
          expect(changes).toEqual([
            { verb: 'update', type: 'Custom::ReleaseGuard', path: guardPath },
            { verb: 'update', type: route.type, path: routePath },
          ]);
          return;
        }
        expect(shared.map(({ path }) => path)).toEqual([guardPath, routePath]);
        expect(changes[0]?.path).toBe(guardPath);
        for (const slot of slotNames) {
          const own = changes.filter(ofSlot(slot));
          const verb = joining.includes(slot) ? 'create' : 'delete';
          expect(sortedTypes(own)).toEqual(joining.includes(slot) || leaving.includes(slot) ? slotTypes : []);
          expect(own.every((change) => change.verb === verb)).toBe(true);
        }
        const routeUpdated = positionOf(events, route.type, 'update', changes, ofRoute);
        for (const slot of joining) {
          expectTargetBeforeService(events, changes, slot);
          expect(Math.max(...positionsOf(events, 'AWS::ECS::Service', 'create', changes, ofSlot(slot)))).toBeLessThan(
            routeUpdated,
          );
        }
        for (const slot of leaving) {
          const gone = changes.flatMap((change, index) => (ofSlot(slot)(change) ? [index] : []));
          expect(Math.min(...gone)).toBeGreaterThan(routeUpdated);
        }
      },
    );

    test('destroy: the route goes before the services, and nothing is left but logs', async () => {
      // One slot runs now; with the other one beside it, without requests, both have to go.
      const both = context((deploys.at(-1)?.state.blue.active ? steps.at(0) : steps.at(-2))?.state ?? blueOnly.state);
      await stage.deploy(both);
      const before = (await stage.emulator.events()).length;
      await stage.destroy(both);
      const events = (await stage.emulator.events()).slice(before);

      expect(events.every(({ verb, problem }) => verb === 'delete' && problem === null)).toBe(true);
      expectLogsOnly(await stage.leftovers());
      expect(await slotServices(stage.emulator, appName)).toEqual([]);
      expect(await weights(stage.emulator, appName)).toEqual({});
      await requests?.stop();
      const routeGone = events.findIndex(({ logicalId }) => logicalId.startsWith(`${servicePath}${route.id}`));
      const servicesGone = events.flatMap(({ type, logicalId }, index) =>
        type === 'AWS::ECS::Service' && slotNames.some((name) => logicalId.startsWith(`${servicePath}${constructId(name)}`))
          ? [index]
          : [],
      );
      expect(servicesGone).toHaveLength(slotNames.length);
      expect(routeGone).toBeGreaterThanOrEqual(0);
      expect(Math.min(...servicesGone)).toBeGreaterThan(routeGone);
      // As long as there was a way to the slots, each request was answered.
      const wayGone = events.findIndex(({ type }) => /::(Listener|ListenerRule|Rule|Route|GatewayRoute|Service)$/.test(type));
      expect(requests?.answered).toBeGreaterThan(10_000);
      expect(requests?.lostBefore((events[wayGone - 1]?.time ?? 0) * 1000)).toEqual({});
    });

    test('no command, and no function, has tried to reach another machine', () => {
      expect(stage.emulator.refusedConnections).toBe('');
    });
  });
}

function active(state: ReleaseState): readonly SlotName[] {
  return slotNames.filter((name) => state[name].active);
}

function family(slot: SlotName): string {
  return `${appName}-${slot}`;
}

function constructId(slot: SlotName): string {
  return `${slot.charAt(0).toUpperCase()}${slot.slice(1)}`;
}

function sorted(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => `${a.path} ${a.type}`.localeCompare(`${b.path} ${b.type}`));
}

/** Where in the order of a deploy the chosen resources of a type were worked on. */
function positionsOf(
  events: readonly Event[],
  type: string,
  verb: string,
  changes: readonly Change[],
  chosen: (change: Change) => boolean,
): number[] {
  return events.flatMap((event, index) =>
    event.type === type && event.verb === verb && chosen(changes[index] as Change) ? [index] : [],
  );
}

function positionOf(...args: Parameters<typeof positionsOf>): number {
  const positions = positionsOf(...args);
  if (positions.length !== 1) {
    throw new Error(`expected one ${args[2]} of ${args[1]}, got ${positions.length}`);
  }
  return positions[0] as number;
}
