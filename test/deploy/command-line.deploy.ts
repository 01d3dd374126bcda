import type { Context } from './cdk';
import { planeCases } from './planes';
import { Stage } from './stage';

describe('the command line', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });

  afterAll(() => stage?.close());

  test.each<{ what: string; context: Context; words: string[] }>([
    { what: 'no slot is active', context: { blueActive: false }, words: ['blueActive', 'greenActive'] },
    { what: 'a weight is negative', context: { blueWeight: -1 }, words: ['blueWeight', '-1'] },
    { what: 'the weights sum to 0', context: { blueWeight: 0 }, words: ['blueWeight', '0'] },
    { what: 'a flag is misspelt', context: { greenWieght: 1 }, words: ['greenWieght', 'greenWeight'] },
    { what: 'a flag is no flag', context: { greenActive: 'maybe' }, words: ['greenActive', 'maybe'] },
    { what: 'there is no such plane', context: { trafficPlane: 'zeppelin' }, words: ['trafficPlane', 'zeppelin'] },
  ])('$what: cdk deploy ends with a reason, and nothing reaches AWS', async ({ context, words }) => {
    const before = (await stage.emulator.requests()).length;
    const { code, output } = await stage.cdk.run('deploy', '--require-approval', 'never', ...stage.cdk.app(context));

    expect(code).toBe(1);
    for (const word of words) {
      expect(output).toContain(word);
    }
    expect((await stage.emulator.requests()).slice(before)).toEqual([]);
  });

  test('a deploy that was prepared and never carried out does not stand in the way of the next one', async () => {
    const context = { trafficPlane: 'load-balancer' };
    await stage.cdk.succeed('deploy', '--method=prepare-change-set', '--require-approval', 'never', ...stage.cdk.app(context));
    expect(await stage.leftovers()).toEqual([]);

    await stage.deploy(context);
    expect(await planeCases['load-balancer'].weights(stage.emulator, 'sample')).toEqual({ 'sample-blue': 1 });

    const next = { ...context, greenActive: true };
    await stage.cdk.succeed('deploy', '--method=prepare-change-set', '--require-approval', 'never', ...stage.cdk.app(next));
    expect(await planeCases['load-balancer'].weights(stage.emulator, 'sample')).toEqual({ 'sample-blue': 1 });
    await stage.deploy(next);
    expect(await planeCases['load-balancer'].weights(stage.emulator, 'sample')).toEqual({ 'sample-blue': 1, 'sample-green': 0 });
  });

  test('with a reason, another traffic plane is built beside the old one, which goes when the new one is there', async () => {
    const { changes, events } = await stage.deploy({
      trafficPlane: 'lattice',
      greenActive: true,
      greenWeight: 1,
      allowUnsafe: 'nobody calls it yet',
    });

    expect(changes.filter(({ verb, type }) => verb === 'replace' && type !== 'AWS::ECS::TaskDefinition')).toEqual([]);
    expect(await planeCases['load-balancer'].weights(stage.emulator, 'sample')).toEqual({});
    expect(await planeCases.lattice.weights(stage.emulator, 'sample')).toEqual({ 'sample-blue': 1, 'sample-green': 1 });
    const position = (verb: string, type: string) => events.findIndex((event) => event.verb === verb && event.type === type);
    expect(position('delete', 'AWS::ElasticLoadBalancingV2::ListenerRule')).toBeGreaterThan(
      position('create', 'AWS::VpcLattice::Rule'),
    );
  });
});
