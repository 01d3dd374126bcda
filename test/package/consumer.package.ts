import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planeNames } from '../../lib/release/plane-limits';
import { type CdkVersions, ConsumerApp, pack, versionOf } from './consumer-app';

const folder = mkdtempSync(join(tmpdir(), 'package-'));
let tarball: string;

beforeAll(() => {
  tarball = pack(folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

// The lowest versions that package.json promises, and those that this repository is developed with.
const { peerDependencies } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
const lowest = (name: string) => (peerDependencies[name] as string).replace(/^\^/, '');
const versions: readonly CdkVersions[] = [
  { 'aws-cdk-lib': lowest('aws-cdk-lib'), constructs: lowest('constructs'), 'cdk-nag': undefined },
  { 'aws-cdk-lib': versionOf('aws-cdk-lib'), constructs: versionOf('constructs'), 'cdk-nag': versionOf('cdk-nag') },
];

describe.each(versions)('in a fresh app with aws-cdk-lib $aws-cdk-lib and constructs $constructs', (wanted) => {
  let app: ConsumerApp | undefined;

  beforeAll(() => {
    app = new ConsumerApp(tarball, wanted);
  });

  afterAll(() => app?.remove());

  test.each(['aws-cdk-lib', 'constructs'] as const)('%s is there once, in the version of the app', (name) => {
    expect(app?.installed(name)).toEqual([wanted[name]]);
  });

  test.each([
    ['tsc', 'nodenext', 'nodenext'],
    ['tsc', 'esnext', 'bundler'],
    ['node node_modules/typescript-5/bin/tsc', 'commonjs', 'node10'],
  ])('%s finds no fault in the types with module %s and moduleResolution %s', (compiler, module, moduleResolution) => {
    expect(app?.typeErrors(compiler, module, moduleResolution)).toBe('');
  });

  test.each(planeNames)('the app synthesizes on %s: from the flags, in a stack of its own, by hand', (plane) => {
    const { status, output, assembly } = (app as ConsumerApp).synth('bin/app.ts', [`trafficPlane=${plane}`]);
    expect({ status, output }).toMatchObject({ status: 0 });
    const templates = readdirSync(assembly).filter((file) => file.endsWith('.template.json'));
    expect(templates.sort()).toEqual(['Flags.template.json', 'Own.template.json', 'sample-blue-green.template.json']);
    for (const file of templates) {
      const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8'));
      const services = Object.keys(Resources).filter((id) => /(Blue|Green)Service/.test(id));
      expect(services).toHaveLength(2);
    }
  });

  test('the command of the package asks for an app', () => {
    expect((app as ConsumerApp).rehearse()).toEqual({
      status: 1,
      output: "--app, --template: got neither, expected one of them; for example --app 'npx cdk synth'\n",
    });
  });

  test('the command of the package says where a release can be deployed', () => {
    expect((app as ConsumerApp).rehearse('--app', 'npx cdk synth', '--deploy')).toEqual({
      status: 1,
      output:
        '--deploy: got it with npx ecs-blue-green-rehearse, expected it in a clone of ecs-blue-green; there, say npm start -- --deploy\n',
    });
  });

  test('a release of the app can be rehearsed', () => {
    const { status, output } = (app as ConsumerApp).rehearse(
      ...['--app', "npx cdk synth --app 'npx tsx bin/app.ts'", '--stack', 'Flags', '-c', 'trafficPlane=lattice'],
      ...['--requests', '200'],
    );
    expect(output).toMatch(/^held: 5 steps, .* 0 failed/m);
    expect(status).toBe(0);
  });

  if (wanted['cdk-nag'] === undefined) {
    return;
  }

  test.each<[(typeof planeNames)[number], readonly string[]]>([
    ['app-mesh', ['AwsSolutions-ECS2', 'AwsSolutions-IAM5', 'AwsSolutions-ELB2', 'AwsSolutions-EC23']],
    ['load-balancer', ['AwsSolutions-ECS2', 'AwsSolutions-ELB2', 'AwsSolutions-EC23']],
    ['lattice', ['AwsSolutions-ECS2', 'AwsSolutions-IAM5']],
  ])('on %s, cdk-nag says what it has to say of the stack that was written by hand', (plane, rules) => {
    const { assembly } = (app as ConsumerApp).synth('bin/scanned-app.ts', [`trafficPlane=${plane}`]);
    const { pluginReports } = JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8'));
    const found = JSON.stringify(pluginReports.flatMap(({ violations }: { violations: unknown[] }) => violations));
    for (const rule of rules) {
      expect(found).toContain(rule);
    }
    expect(found).toContain('Own/Shop');
    expect(found).not.toContain('sample-blue-green/App');
  });
});
