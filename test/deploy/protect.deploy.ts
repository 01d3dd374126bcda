import { expectLogsOnly, Stage } from './stage';

describe('protect', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ isSynthesizedHere: true });
  });

  afterAll(() => stage?.close());

  // Here the template says nothing of it: the command line must tell CloudFormation.
  const context = (protect: boolean) => ({ trafficPlane: 'lattice', protect });

  test('keeps the stack until a deploy has set it back', async () => {
    await stage.deploy(context(true));
    const before = await stage.leftovers();
    const { code, output } = await stage.cdk.run('destroy', '--force', ...stage.cdk.app(context(true)));
    expect(code).toBe(1);
    expect(output).toMatch(/TerminationProtection/i);
    expect(await stage.leftovers()).toEqual(before);

    await stage.deploy(context(false));
    await stage.destroy(context(false));
    expectLogsOnly(await stage.leftovers());
  });

  test('can be set on a live stack', async () => {
    await stage.deploy(context(false));
    const { changes } = await stage.deploy(context(true));
    expect(changes).toEqual([]);
    const { code } = await stage.cdk.run('destroy', '--force', ...stage.cdk.app(context(true)));
    expect(code).toBe(1);
  });
});
