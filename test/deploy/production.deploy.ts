import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReleaseStep, release } from '../../lib/release/release';
import { slotNames } from '../../lib/release/slots';
import { flagsOf } from '../../lib/settings/flags';
import { type Context, withPrefix } from '../fresh-context';
import { productionExamples, stages } from '../production-examples';
import { Cdk, type CdkResult } from './cdk';
import { Checkout } from './checkout';
import { familyOf, planeCases, slotServices } from './planes';
import { outputOf } from './platform-outputs';
import { Stage } from './stage';

const [blueOnly, ...steps] = release() as [ReleaseStep, ...ReleaseStep[]];
const noApproval = ['--require-approval', 'never'];

/** The settings of an example, with the ids of what is there in place of its own. */
async function settled(stage: Stage, plane: string, settings: Context): Promise<Context> {
  const folder = stage.cdk.newAssembly();
  const file = `${folder}.json`;
  const app = `${process.execPath} -r tsx/cjs ${join(__dirname, 'platform.ts')}`;
  await stage.cdk.succeed('deploy', '--app', app, '-c', `plane=${plane}`, '-o', folder, '--outputs-file', file, ...noApproval);
  const { platform } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, platform[outputOf(key)] ?? value]));
}

describe.each(productionExamples())('the example of $plane', ({ plane, settings, state }) => {
  const { weights } = planeCases[plane];
  const nameOf = (name: string) => `${settings.appName}-${name}`;
  let stage: Stage;
  let checkout: Checkout;
  let cdk: Cdk;

  beforeAll(async () => {
    stage = await Stage.open();
    checkout = new Checkout(await settled(stage, plane, settings), state);
    cdk = new Cdk(stage.emulator, checkout.folder);
  });

  afterAll(async () => {
    cdk?.end();
    checkout?.remove();
    await stage?.close();
  });

  const words = (name: string, flags: readonly string[] = []) => [
    ...noApproval,
    '-o',
    cdk.newAssembly(),
    '-c',
    `stage=${name}`,
    ...flags,
  ];
  const deploy = (name: string): Promise<CdkResult> => cdk.succeed('deploy', ...words(name));

  async function expectTasks(name: string, active: readonly string[]): Promise<void> {
    const services = await slotServices(stage.emulator, nameOf(name));
    expect(services.map(familyOf).sort()).toEqual(active.map((slot) => `${nameOf(name)}-${slot}`).sort());
    const least = Number(settings[`${name}:minTasks`] ?? settings.minTasks);
    expect(services.map(({ desiredCount }) => desiredCount)).toEqual(services.map(() => least));
  }

  test.each(stages)('%s is deployed, and answers at its name', async (name) => {
    const { output } = await deploy(name);
    expect(output).toContain(`Url = https://${settings[`${name}:domainName`]}/`);
    expect(await weights(stage.emulator, nameOf(name))).toEqual({ [`${nameOf(name)}-blue`]: 1 });
    await expectTasks(name, ['blue']);
  });

  test('a second deploy finds nothing to do', async () => {
    expect((await deploy('prod')).output).toContain('(no changes)');
  });

  test('in prod, where ECS starts a slot with fewer tasks than it is to have, green does not join with weight', async () => {
    const { code, output } = await cdk.run('deploy', ...words('prod', ['-c', 'greenActive=true', '-c', 'greenWeight=1']));
    expect(code).toBe(1);
    expect(output).toMatch(/prod:greenWeight: got 1, expected 0/);
    expect(await weights(stage.emulator, nameOf('prod'))).toEqual({ [`${nameOf('prod')}-blue`]: 1 });
  });

  // Each plane begins a release; that it goes on in the same way is shown on one of them.
  test.each(plane === 'load-balancer' ? steps : steps.slice(0, 1))('a release of prod: $name', async ({ state: next }) => {
    const before = (await stage.emulator.events()).length;
    checkout.hold(withPrefix('prod', flagsOf(next)));
    await deploy('prod');

    const active = slotNames.filter((slot) => next[slot].active);
    expect(await weights(stage.emulator, nameOf('prod'))).toEqual(
      Object.fromEntries(active.map((slot) => [`${nameOf('prod')}-${slot}`, next[slot].weight])),
    );
    await expectTasks('prod', active);
    const events = (await stage.emulator.events()).slice(before);
    expect(events.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(new Set(events.map(({ stack }) => stack))).toEqual(new Set([`${nameOf('prod')}-blue-green`]));
    // The other stage is where it was.
    expect(await weights(stage.emulator, nameOf('dev'))).toEqual({ [`${nameOf('dev')}-blue`]: blueOnly.state.blue.weight });
  });

  test('dev can go, and takes nothing of prod along', async () => {
    const before = await weights(stage.emulator, nameOf('prod'));
    await cdk.succeed('destroy', '--force', ...words('dev').slice(2));
    expect(await slotServices(stage.emulator, nameOf('dev'))).toEqual([]);
    expect(await weights(stage.emulator, nameOf('prod'))).toEqual(before);
  });

  test('prod is protected', async () => {
    const { code } = await cdk.run('destroy', '--force', ...words('prod').slice(2));
    expect(code).toBe(1);
    expect((await slotServices(stage.emulator, nameOf('prod'))).length).toBeGreaterThan(0);
  });
});
