import { Stage } from './stage';

describe('App Mesh, which AWS has ended', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });

  afterAll(() => stage?.close());

  const deploy = (...options: string[]) =>
    stage.cdk.run('deploy', '--require-approval', 'never', ...options, ...stage.cdk.app({}));

  test.each([{ method: 'change-set' }, { method: 'direct' }])(
    'an account without access: cdk deploy --method=$method ends with a sentence, and nothing is made',
    async ({ method }) => {
      const { code, output } = await deploy(`--method=${method}`, '--parameters', 'AppMeshAccess=ended');
      expect(code).toBe(1);
      expect(output).toContain(
        'AWS ended App Mesh on 2026-09-30, so nothing was deployed; to move, set trafficPlane to load-balancer',
      );
      expect(await stage.leftovers()).toEqual([]);
    },
  );

  test('the emulator has access, without a word', async () => {
    await stage.deploy({ greenActive: true, greenWeight: 1 });
    await stage.deploy({ greenActive: true, greenWeight: 2 });
  });

  test('a stack that is there stays as it is when access ends', async () => {
    const before = await stage.leftovers();
    const { code, output } = await deploy('--parameters', 'AppMeshAccess=ended');
    expect(code).toBe(1);
    expect(output).toContain('AWS ended App Mesh on 2026-09-30');
    expect(await stage.leftovers()).toEqual(before);
  });
});
