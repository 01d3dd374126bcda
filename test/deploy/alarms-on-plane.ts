import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { PlaneName } from '../../lib/release/plane-limits';
import type { ReleaseState } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { Stacks } from '../local/emulator/stacks';
import { until } from '../until';
import { type AlarmStates, Alarms } from './alarms';
import type { Context } from './cdk';
import { familyOf, planeCases, slotServices } from './planes';
import { Requests } from './requests';
import { Stage } from './stage';

const appName = 'watched';
const stackName = `${appName}-blue-green`;
const image = 'example/shop:moody';
const state = (greenWeight: number): ReleaseState => ({
  blue: { active: true, weight: 1 },
  green: { active: true, weight: greenWeight },
});

/** So many requests per second that a minute of one second says something of each slot at half of them. */
const rate = 100;

/** Longer than any plane waits for an answer, in milliseconds. */
const patienceMs = 100_000;

/** Which alarms see what is wrong with green at half of the requests. */
const seenBy: Readonly<Record<PlaneName, Readonly<Record<'crashes' | 'breaks' | 'hangs' | 'has no task', AlarmStates>>>> = {
  'app-mesh': {
    crashes: { GreenEmptySlotAlarm: 'ALARM' },
    breaks: { GreenErrorAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
    hangs: { GreenErrorAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
    'has no task': { GreenEmptySlotAlarm: 'ALARM' },
  },
  'load-balancer': {
    crashes: { ServiceAlarm: 'ALARM' },
    breaks: { GreenErrorAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
    hangs: { GreenErrorAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
    'has no task': { GreenEmptySlotAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
  },
  lattice: {
    crashes: { ServiceAlarm: 'ALARM' },
    breaks: { GreenErrorAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
    hangs: { GreenErrorAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
    'has no task': { GreenEmptySlotAlarm: 'ALARM', ServiceAlarm: 'ALARM' },
  },
};

const allIsWell: AlarmStates = {
  ServiceAlarm: 'OK',
  BlueErrorAlarm: 'OK',
  BlueEmptySlotAlarm: 'OK',
  GreenErrorAlarm: 'OK',
  GreenEmptySlotAlarm: 'OK',
};

/** A slot that does badly on one traffic plane, and the alarms that see it. A minute of CloudWatch takes a second. */
export function testAlarmsOn(plane: PlaneName): void {
  const { route, weights, beside } = planeCases[plane];
  const folder = mkdtempSync(path.join(tmpdir(), 'moody-'));
  const manner = (word: string) => writeFileSync(path.join(folder, 'manner'), word);
  const routeInForce: number[] = [];
  const noted = { requests: 0, errors: 0 };
  const startedAt = Date.now();
  let stage: Stage;
  let alarms: Alarms;
  let requests: Requests;

  const context = (greenWeight: number): Context => ({
    trafficPlane: plane,
    appName,
    greenImage: image,
    ...(plane === 'load-balancer' ? { idleTimeout: 2 } : {}),
    ...beside?.(appName),
    ...flagsOf(state(greenWeight)),
  });
  const monitored = async () =>
    ['--rollback-trigger-alarm-arns', await alarms.arn('ServiceAlarm'), '--monitoring-time-minutes', '60'] as const;
  const scale = async (desiredCount: number) => {
    const services = await slotServices(stage.emulator, appName);
    const green = services.find((service) => familyOf(service) === `${appName}-green`);
    await new ECSClient(stage.emulator.client).send(
      new UpdateServiceCommand({ cluster: green?.clusterArn, service: green?.serviceArn, desiredCount }),
    );
  };

  describe(`alarms on ${plane}`, () => {
    beforeAll(async () => {
      manner('is fine');
      stage = await Stage.open({
        isSynthesizedHere: true,
        minuteSeconds: 1,
        byImage: new Map([
          [image, `exec "${process.execPath}" "${path.join(__dirname, 'apps', 'moody.js')}" "${path.join(folder, 'manner')}"`],
        ]),
        onChanged: ({ resource: { type, properties } }) => {
          // Of the rules of a listener, the one that holds weights: each plane spells them in its own way.
          if (type === route.type && /weight/i.test(JSON.stringify(properties))) {
            routeInForce.push(Date.now());
          }
        },
        onRequest: ({ status }) => {
          noted.requests += 1;
          noted.errors += status >= 500 ? 1 : 0;
        },
      });
      await stage.deploy(context(0));
      alarms = new Alarms(stage.emulator, stackName);
      requests = new Requests(await stage.url(appName), { rate, patienceMs });
    });

    afterAll(async () => {
      await requests?.stop();
      await stage?.close();
      rmSync(folder, { recursive: true });
    });

    test('no requests are no verdict, and nothing is in alarm', async () => {
      await alarms.reach({
        ServiceAlarm: 'OK',
        BlueErrorAlarm: 'OK',
        BlueEmptySlotAlarm: 'OK',
        GreenErrorAlarm: 'INSUFFICIENT_DATA',
        GreenEmptySlotAlarm: 'OK',
      });
      expect(await alarms.changes('GreenErrorAlarm')).toEqual([]);
      expect(await alarms.changes('ServiceAlarm')).toEqual(['INSUFFICIENT_DATA to OK']);
    });

    test('green answers a quarter with errors: the deploy that is monitored goes back by itself, and blue loses nothing', async () => {
      manner('errs');
      const { code, output } = await stage.tryDeploy(context(1), ...(await monitored()));
      const inForce = routeInForce.at(-2) ?? 0;

      expect(code).toBe(1);
      expect(output).toContain(await alarms.arn('ServiceAlarm'));
      expect(await new Stacks(stage.emulator).status(stackName)).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await weights(stage.emulator, appName)).toEqual({ [`${appName}-blue`]: 1, [`${appName}-green`]: 0 });
      expect(await alarms.changes('ServiceAlarm')).toContainEqual('OK to ALARM');
      await alarms.reach({ ServiceAlarm: 'OK', GreenErrorAlarm: 'INSUFFICIENT_DATA' });
      expect(Object.keys(requests.lost)).toEqual(['500 green']);
      console.log(`${plane}: old weights in force again ${(routeInForce.at(-1) ?? 0) - inForce} ms after the new ones`);
    });

    test('client, Envoy and CloudWatch have counted the same errors', async () => {
      await requests.stop();
      const errors = requests.all.filter(({ status = 0 }) => status >= 500).length;
      const counts = { requests: requests.all.length, errors };
      expect(errors).toBeGreaterThan(0);
      await until(async () => JSON.stringify(await alarms.counts('ServiceAlarm', startedAt)) === JSON.stringify(counts));
      expect(noted).toEqual(counts);
    });

    describe('green has half of the requests', () => {
      beforeAll(async () => {
        manner('is fine');
        await stage.deploy(context(1), '--rollback-trigger-alarm-arns', 'none');
      });

      beforeEach(async () => {
        requests = new Requests(await stage.url(appName), { rate, patienceMs });
        await alarms.reach(allIsWell);
      });

      afterEach(async () => {
        manner('is fine');
        await scale(1);
        await alarms.reach(allIsWell);
        await requests.stop();
        expect(Object.keys(requests.lost).filter((what) => what.includes('blue'))).toEqual([]);
      });

      test.each(Object.entries(seenBy[plane]))('green %s: an alarm sees it, and when it is over', async (what, seen) => {
        await (what === 'has no task' ? scale(0) : manner(what));
        await alarms.reach(seen);
      });
    });
  });
}
