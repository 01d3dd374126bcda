import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Stacks } from '../local/emulator/stacks';
import type { CdkResult, Context } from './cdk';
import { Stage } from './stage';

const stackName = 'sample-blue-green';
const half: Context = { trafficPlane: 'load-balancer', greenActive: true, greenWeight: 1 };

describe('a guard that cannot reach CloudFormation', () => {
  let stage: Stage;
  let stacks: Stacks;

  beforeAll(async () => {
    stage = await Stage.open({ isSynthesizedHere: true });
    stacks = new Stacks(stage.emulator);
    expect((await deployCutOff(half)).code).toBe(0);
  });

  afterAll(() => stage?.close());

  /** Deploys the app with a guard whose calls to AWS end at a closed door. */
  async function deployCutOff(context: Context): Promise<CdkResult> {
    const options = stage.cdk.app(context);
    await stage.cdk.succeed('synth', '-q', ...options);
    const assembly = options[1] as string;
    const file = path.join(assembly, readdirSync(assembly).find((name) => name.endsWith('.template.json')) as string);
    const template = JSON.parse(readFileSync(file, 'utf8'));
    const guard = Object.values<any>(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
    guard.Properties.Environment = { Variables: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } };
    writeFileSync(file, JSON.stringify(template));
    return stage.cdk.run('deploy', '--require-approval', 'never', '--app', assembly);
  }

  test('lets a safe step through without asking', async () => {
    expect((await deployCutOff({ ...half, greenWeight: 3 })).code).toBe(0);
  });

  test('refuses an unsafe one, and says that it could not ask', async () => {
    const { code, output } = await deployCutOff({ ...half, greenActive: false });
    expect(code).toBe(1);
    expect(output).toContain('could not ask CloudFormation whether this is a rollback');
    expect(output).toContain('greenActive: got false, expected true');
    expect(await stacks.status(stackName)).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('stops on the way back too, where that would hurt as well; left out of the rollback, the stack is whole again', async () => {
    const { code } = await deployCutOff({ ...half, greenWeight: 3, greenImage: 'example/shop:1.5.0' });
    expect(code).toBe(1);
    expect(await stacks.status(stackName)).toBe('UPDATE_ROLLBACK_FAILED');

    const guard = (await stage.leftovers()).find(({ type }) => type === 'Custom::ReleaseGuard');
    await stage.cdk.succeed('rollback', stackName, '--orphan', guard?.logicalId ?? '', ...stage.cdk.app(half));
    expect(await stacks.status(stackName)).toBe('UPDATE_ROLLBACK_COMPLETE');
    await stage.deploy({ ...half, greenWeight: 2 });
  });
});
