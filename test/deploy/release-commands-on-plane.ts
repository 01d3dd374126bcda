import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { awsClients } from '../../lib/operate/aws-clients';
import type { DeployedStack } from '../../lib/operate/deployed/deployed-stack';
import { readDeployedStack } from '../../lib/operate/deployed/read-deployed-stack';
import { routeOf, slotResources } from '../../lib/operate/live/slot-resources';
import type { PlaneName } from '../../lib/release/plane-limits';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { Stacks } from '../local/emulator/stacks';
import { until } from '../until';
import { Alarms } from './alarms';
import { Checkout } from './checkout';
import { planeCases } from './planes';
import { ReleaseCommand } from './release-command';
import { Requests } from './requests';
import { Stage } from './stage';
import { changeWeights } from './weights-by-hand';

const appName = 'stepped';
const stackName = `${appName}-blue-green`;
const image = 'example/shop:moody';
const ladder = ['--ladder', '50,100'];

/** So many requests per second that a minute of one second says something of each slot. */
const rate = 100;

/** What `status --json` says, as far as it is looked at here. */
interface Status {
  readonly status: string;
  readonly slots: Readonly<Record<string, { declared: number | null; deployed: number | null; live: number | null }>>;
  readonly differences: readonly { readonly mend: readonly string[] }[];
}

/** What `plan --json` says, as far as it is looked at here. */
interface Plan {
  readonly steps: readonly {
    readonly name: string;
    readonly created: readonly string[];
    readonly changed: readonly string[];
    readonly deleted: readonly string[];
    readonly replaced: readonly string[];
    readonly intermediateStates: number;
  }[];
}

/** A release by `npm run release` on one traffic plane, under load; a minute of CloudWatch takes a second. */
export function testReleaseCommandsOn(plane: PlaneName): void {
  const { weights, beside, route } = planeCases[plane];
  const folder = mkdtempSync(path.join(tmpdir(), 'moody-'));
  const evidence = path.join(folder, 'evidence');
  const manner = (word: string) => writeFileSync(path.join(folder, 'manner'), word);
  let stage: Stage;
  let checkout: Checkout;
  let release: ReleaseCommand;
  let requests: Requests;
  let planned: Plan;

  // What CloudFormation and the command line do in the same way on every plane.
  const onceTest = plane === 'load-balancer' || process.env.RELEASE_COMMANDS === 'whole' ? test : test.skip;

  const next = (...words: readonly string[]) => [
    ...['next', '--to', 'green', '--yes', ...ladder],
    ...(words.includes('--bake') ? words : ['--bake', '3', ...words]),
  ];
  const liveWeights = async () => {
    const live = await weights(stage.emulator, appName);
    return slotNames.map((slot) => live[`${appName}-${slot}`]);
  };
  const status = () => new Stacks(stage.emulator).status(stackName);
  const files = () => JSON.parse(readFileSync(path.join(checkout.folder, 'cdk.context.json'), 'utf8'));

  /** Declared, deployed and live say the same, and so does the file. */
  async function expectShares(blue: number | null, green: number | null, word = 'waiting'): Promise<void> {
    const { slots, status: said } = await release.json<Status>('status');
    const share = (value: number | null) => ({ declared: value, deployed: value, live: value });
    expect({ said, slots }).toMatchObject({ said: word, slots: { blue: share(blue), green: share(green) } });
    expect(files()).toMatchObject({ blueActive: blue !== null, greenActive: green !== null });
  }

  /** Changes weights behind the back of the stack. */
  async function byHand(changed: Readonly<Record<SlotName, number>>): Promise<void> {
    const stack = await readDeployedStack(awsClients(stage.cdk.environment()), stackName);
    const targets = slotResources(stack as DeployedStack).map(({ name, target }) => [target, changed[name]]);
    await changeWeights[plane](stage.emulator.client, routeOf(stack as DeployedStack) as string, Object.fromEntries(targets));
  }

  async function startRequests(): Promise<void> {
    requests = new Requests(await stage.url(appName), { rate, patienceMs: 100_000 });
  }

  async function stopRequests(expectedLost: readonly string[] = []): Promise<void> {
    await requests.stop();
    expect(Object.keys(requests.lost)).toEqual(expectedLost);
    expect(requests.answered).toBeGreaterThan(0);
  }

  describe(`npm run release on ${plane}`, () => {
    beforeAll(async () => {
      manner('is fine');
      const settings = {
        trafficPlane: plane,
        appName,
        greenImage: image,
        ...(plane === 'load-balancer' ? { idleTimeout: 2, previewCidrs: ['127.0.0.0/8'] } : {}),
        ...beside?.(appName),
      };
      const state = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };
      checkout = new Checkout(settings, state);
      stage = await Stage.open({
        folder: checkout.folder,
        isSynthesizedHere: true,
        minuteSeconds: 1,
        byImage: new Map([
          [image, `exec "${process.execPath}" "${path.join(__dirname, 'apps', 'moody.js')}" "${path.join(folder, 'manner')}"`],
        ]),
      });
      release = new ReleaseCommand(checkout, stage.cdk);
      await stage.deploy({});
    });

    afterAll(async () => {
      release?.end();
      await requests?.stop();
      await stage?.close();
      checkout?.remove();
      rmSync(folder, { recursive: true });
    });

    onceTest('verify: a release can begin', async () => {
      const { out } = await release.ends(0, 'verify');
      expect(out).toContain('ok');
    });

    test('status and plan before the release', async () => {
      await expectShares(1, null, 'steady');
      planned = await release.json<Plan>('plan', '--to', 'green', ...ladder);
      const { steps } = planned;
      expect(steps.map(({ name }) => name)).toEqual(['green at 0', '50/50', 'blue at 0', 'green only']);
      expect(steps.flatMap(({ replaced }) => replaced)).toEqual([]);
      expect(steps.every(({ intermediateStates }) => intermediateStates > 1)).toBe(true);
    });

    onceTest('rollback with nothing to go back to does nothing', async () => {
      const { out, err } = await release.ends(0, 'rollback', '--yes');
      expect(out + err).toMatch(/nothing to roll back/);
    });

    test('next starts green, as plan has said', async () => {
      const [step] = planned.steps;
      const before = (await stage.emulator.events()).length;
      await release.ends(0, ...next('--evidence', evidence));
      const events = (await stage.emulator.events()).slice(before);
      const count = (verb: string) => events.filter((event) => event.verb === verb).length;
      expect([count('create'), count('update'), count('delete')]).toEqual([
        step?.created.length,
        step?.changed.length,
        step?.deleted.length,
      ]);
      await expectShares(1, 0);
      expect(readdirSync(evidence)).toHaveLength(1);
    });

    test('next gives green half of the requests, and nothing goes on without any', async () => {
      await release.ends(0, ...next());
      await expectShares(0.5, 0.5);
      const { err, out } = await release.ends(3, ...next('--timeout', '4s'));
      expect(out + err).toMatch(/green: 0 requests/);
      expect(await liveWeights()).toEqual([1, 1]);
    });

    test('a quarter of the answers of green are errors: next stops, and rollback gives all to blue', async () => {
      manner('errs');
      await startRequests();
      await until(() => requests.answered > rate * 4);
      const { out, err } = await release.ends(4, ...next('--timeout', '60s'));
      expect(out + err).toMatch(/green.*(2\d|3\d)(\.\d)? %/);
      expect(await liveWeights()).toEqual([1, 1]);

      const { ms } = await release.ends(0, 'rollback', '--yes');
      console.log(`${plane}: rollback from half took ${Math.round(ms)} ms`);
      await expectShares(1, 0);
      await requests.expectSplit({ blue: 1 }, 200);
      await stopRequests(['500 green']);
      manner('is fine');
    });

    onceTest('the same errors while the deploy is watched: it is rolled back', async () => {
      await new Alarms(stage.emulator, stackName).reach({ ServiceAlarm: 'OK', GreenErrorAlarm: 'INSUFFICIENT_DATA' });
      await startRequests();
      const { result } = release.start(...next('--bake', '60'));
      await until(async () => (await liveWeights())[1] === 1);
      manner('errs');
      const { code, out, err } = await result;
      expect({ code, said: out + err }).toEqual({ code: 5, said: expect.stringContaining('rolled back') });
      expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await liveWeights()).toEqual([1, 0]);
      await expectShares(1, 0);
      manner('is fine');
      await requests.expectSplit({ blue: 1 }, 200);
      await stopRequests(['500 green']);
    });

    test('a weight changed by hand: nothing goes on until it is mended', async () => {
      await startRequests();
      await byHand({ blue: 9, green: 1 });
      const { code, out, err } = await release.run('status');
      expect({ code, said: out + err }).toEqual({ code: 6, said: expect.stringContaining('npx cdk deploy --revert-drift') });
      expect((await release.ends(6, ...next())).err).toContain('npx cdk deploy --revert-drift');
      const before = (await stage.emulator.events()).length;
      const [mend = ''] = (await release.json<Status>('status')).differences.flatMap((difference) => difference.mend);
      await stage.cdk.succeed(...mend.split(' ').slice(2));
      expect((await stage.emulator.events()).slice(before)).toMatchObject([{ verb: 'update', type: route.type }]);
      expect(await liveWeights()).toEqual([1, 0]);
      await release.ends(0, 'status');
    });

    onceTest('Ctrl-C in the middle: the deploy goes on, nobody else deploys, and rollback takes it back', async () => {
      const started = release.start(...next('--bake', '180'));
      await until(async () => (await liveWeights())[1] === 1);
      started.signal('SIGINT');
      expect((await started.result).code).toBe(130);
      expect(await status()).toBe('UPDATE_IN_PROGRESS');
      expect((await release.ends(6, ...next())).err).toContain('UPDATE_IN_PROGRESS');
      expect((await release.json<Status>('status')).status).toBe('busy');

      await release.ends(0, 'rollback', '--yes');
      expect(await liveWeights()).toEqual([1, 0]);
      await expectShares(1, 0);
    });

    onceTest('promote goes to one share, and rollback back from it', async () => {
      await release.ends(0, 'promote', '100%', '--yes', '--bake', '0');
      await expectShares(0, 1);
      await requests.expectSplit({ green: 1 }, 200);
      await release.ends(0, 'rollback', '--yes');
      await expectShares(1, 0);
      await requests.expectSplit({ blue: 1 }, 200);
    });

    test('next until the release is done, after a drain proof that refuses while a request still comes', async () => {
      await release.ends(0, ...next());
      await until(() => requests.answered > rate * 4);
      await release.ends(0, ...next());
      await expectShares(0, 1);
      const { BluePreview } = await new Stacks(stage.emulator).outputs(stackName);
      if (BluePreview) {
        const [name = '', value = ''] = BluePreview.split(': ');
        let visits = 0;
        const visit = setInterval(async () => {
          await visited(name, value);
          visits += 1;
        }, 100);
        try {
          await until(() => visits > 20);
          const { err, out } = await release.ends(3, ...next('--timeout', '12s'));
          expect(out + err).toMatch(/blue: \d+ requests? in/);
          expect(await liveWeights()).toEqual([0, 1]);
        } finally {
          clearInterval(visit);
        }
      }
      await release.ends(0, ...next('--timeout', '120s'));
      await expectShares(null, 1, 'steady');
      await stopRequests();
    });

    onceTest('a release that is done is told so', async () => {
      const { out, err } = await release.ends(0, ...next());
      expect(out + err).toMatch(/done/);
      expect((await release.json<Plan>('plan', '--to', 'green')).steps).toEqual([]);
    });

    onceTest('a release that is done is not followed by one of the old version that nobody asked for', async () => {
      const nothing =
        /^nothing to release: green answers everything, and blue is off and declared with node:.*, which it ran before/;
      expect((await release.ends(0, 'next', '--yes', ...ladder)).out).toMatch(nothing);
      expect(await release.json('plan')).toMatchObject({ steps: [], nothingToRelease: expect.stringMatching(nothing) });
      expect(await release.json('status')).toMatchObject({ next: null, nothingToRelease: expect.stringMatching(nothing) });
      await expectShares(null, 1, 'steady');
      for (const words of [
        ['-c', 'blueImage=example/shop:new'],
        ['--to', 'blue'],
      ]) {
        expect((await release.json<Plan>('plan', ...words, ...ladder)).steps).toHaveLength(4);
      }
    });

    onceTest('what is off already has nothing to go back to', async () => {
      const back = await release.ends(0, 'rollback', '--yes');
      expect(back.out + back.err).toMatch(/nothing to roll back.*blue is off/s);
    });

    test('no command has tried to reach another machine', () => {
      expect(stage.emulator.refusedConnections).toBe('');
    });
  });

  async function visited(name: string, value: string): Promise<void> {
    const { port } = new URL(await stage.url(appName));
    await (await fetch(`http://127.0.0.1:${port}/`, { headers: { [name]: value } })).text();
  }
}
