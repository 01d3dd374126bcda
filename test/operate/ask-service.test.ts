import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askService } from '../../lib/operate/ask-service';
import { readDeclared } from '../../lib/operate/declared/read-declared';

const folder = mkdtempSync(join(tmpdir(), 'asked-'));
const state = { blueActive: true, blueWeight: 3, greenActive: true, greenWeight: 1 };
const staged = Object.fromEntries(
  ['prod', 'test'].flatMap((stage) => Object.entries(state).map(([key, value]) => [`${stage}:${key}`, value])),
);

afterAll(() => rmSync(folder, { recursive: true }));

function write(context: object, released: object | string): void {
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'none', context }));
  writeFileSync(join(folder, 'cdk.context.json'), typeof released === 'string' ? released : JSON.stringify(released));
}

describe('the service of which a command speaks', () => {
  test.each<[what: string, files: [object, object | string], words: object, expected: object]>([
    ['the files name it', [{ appName: 'shop' }, state], {}, { stackName: 'shop-blue-green', stage: undefined }],
    ['nobody names it', [{}, state], {}, { stackName: 'sample-blue-green' }],
    [
      'the command line names it',
      [{ appName: 'shop' }, state],
      { context: { appName: 'cart' } },
      { stackName: 'cart-blue-green' },
    ],
    [
      'a stage',
      [{ appName: 'shop' }, staged],
      { context: { stage: 'prod' } },
      { stackName: 'shop-prod-blue-green', stage: 'prod', context: { stage: 'prod' } },
    ],
    [
      'a key is wrong that does not name it',
      [{ appName: 'shop', desiredCount: -1 }, state],
      {},
      { stackName: 'shop-blue-green' },
    ],
    ['its stack is named, and a file is broken', [{}, '{'], { stackName: 'shop' }, { stackName: 'shop', isStackNamed: true }],
  ])('%s', (_, files, words, expected) => {
    write(...files);
    expect(askService({ folder, context: {}, stackName: undefined, takesStackName: false, ...words })).toMatchObject({
      folder,
      ...expected,
    });
  });

  test.each<[what: string, files: [object, object | string], context: Record<string, string>, problem: string]>([
    ['no stage is named', [{ appName: 'shop' }, staged], {}, 'stage: got none, expected prod or test'],
    ['its name is none', [{ appName: 'no shop' }, state], {}, 'appName: got "no shop", expected '],
    ['a file is broken', [{}, '{'], {}, 'got something that is not JSON'],
  ])('%s', (_, files, context, problem) => {
    write(...files);
    expect(() => askService({ folder, context, stackName: undefined, takesStackName: false })).toThrow(problem);
  });

  test('a command that takes the name of the stack says so', () => {
    write({}, '{');
    const ask = () => askService({ folder, context: {}, stackName: undefined, takesStackName: true });
    expect(ask).toThrow(/not JSON.*name the stack; for example --stack sample-blue-green/s);
  });
});

describe('what is declared', () => {
  test('the state of the slots of a stage, with what the command line says', () => {
    write({ appName: 'shop' }, { ...staged, 'prod:greenWeight': 7 });
    const { settings, state: declared } = readDeclared(
      askService({ folder, context: { stage: 'prod', trafficPlane: 'lattice' }, stackName: undefined, takesStackName: false }),
    );
    expect(declared).toEqual({ blue: { active: true, weight: 3 }, green: { active: true, weight: 7 } });
    expect(settings).toMatchObject({ appName: 'shop-prod', trafficPlane: 'lattice' });
  });
});
