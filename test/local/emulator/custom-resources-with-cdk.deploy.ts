import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { changesInDiff, Stage } from '../../deploy/stage';
import { seen, type Thing, thing } from './custom-thing';
import { Stacks } from './stacks';

describe('custom resources with the real cdk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'custom-resources-'));
  const seenIn = path.join(folder, 'seen');
  let stage: Stage;
  let stacks: Stacks;
  let assemblies = 0;

  beforeAll(async () => {
    writeFileSync(seenIn, '');
    stage = await Stage.open();
    stacks = new Stacks(stage.emulator);
  });

  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true });
  });

  /** Options that name an app with a stack that has a thing. */
  const app = (properties: Thing): string[] => {
    assemblies += 1;
    const outdir = path.join(folder, `assembly-${assemblies}`);
    const cdkApp = new App({ outdir, builtinCloudFormationValidation: false });
    const { account, region } = stage.emulator;
    const stack = new Stack(cdkApp, 'stack', { env: { account, region } });
    for (const [id, { Type, Properties }] of Object.entries(thing(seenIn, properties))) {
      new CfnResource(stack, id, { type: Type, properties: Properties as Record<string, unknown> });
    }
    cdkApp.synth();
    return ['--app', outdir];
  };
  const deploy = (properties: Thing) => stage.cdk.run('deploy', '--require-approval', 'never', ...app(properties));
  const updates = () => seen(seenIn).flatMap(({ request, from, to }) => (request === 'Update' ? [[from, to]] : []));

  test('cdk diff says that it is updated, and not replaced', async () => {
    expect(await deploy({ Value: 1 })).toMatchObject({ code: 0 });
    const { output } = await stage.cdk.succeed('diff', ...app({ Value: 2 }));

    expect(changesInDiff(output)).toEqual([{ verb: 'update', type: 'Custom::Thing', path: 'Thing' }]);
  });

  test('cdk prints why it refuses, and the stack is as it was', async () => {
    const { code, output } = await deploy({ Value: 2, RefusedIn: '^UPDATE_IN_PROGRESS$' });

    expect(code).toBe(1);
    expect(output).toContain('refused: 1 to 2');
    expect(await stacks.status('stack')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(updates()).toEqual([
      ['1', '2'],
      ['2', '1'],
    ]);
  });

  test('refused on the way back too: cdk rollback --orphan repairs it, and the next deploy goes through', async () => {
    expect(await deploy({ Value: 3, RefusedIn: '.' })).toMatchObject({ code: 1 });
    expect(await stacks.status('stack')).toBe('UPDATE_ROLLBACK_FAILED');

    await stage.cdk.succeed('rollback', 'stack', '--orphan', 'Thing', ...app({ Value: 1 }));
    expect(await stacks.status('stack')).toBe('UPDATE_ROLLBACK_COMPLETE');

    expect(await deploy({ Value: 4 })).toMatchObject({ code: 0 });
    expect(updates().at(-1)).toEqual(['1', '4']);
  });

  test('nothing has tried to reach another machine', () => {
    expect(stage.emulator.refusedConnections).toBe('');
  });
});
