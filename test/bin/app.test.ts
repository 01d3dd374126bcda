import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const out = mkdtempSync(join(tmpdir(), 'app-'));

afterAll(() => rmSync(out, { recursive: true }));

/** Runs the real `cdk` command line as on a machine without AWS credentials and without network. */
function cdk(args: readonly string[], env: Readonly<Record<string, string>> = { CDK_VALIDATION: 'false' }, cwd = root) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), ...args, '-o', out],
    {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: out,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        HTTPS_PROXY: 'http://127.0.0.1:9',
        ...env,
      },
    },
  );
  return { status, output: `${stdout}${stderr}` };
}

test('synthesizes without credentials or network, and tells of the end of App Mesh once', () => {
  const { status, output } = cdk(['synth', '-q', '--strict'], {});
  expect(status).toBe(0);
  expect(readdirSync(out)).toContain('sample-blue-green.template.json');
  expect(output.match(/AWS ended App Mesh on 2026-09-30/g)).toHaveLength(1);
  expect(output).not.toContain('W3696');
});

test('says what is wrong, one line each, with exit code 1 and no stack trace', () => {
  const { status, output } = cdk(['synth', '-q', '-c', 'greenActive=yes', '-c', 'greenWieght=1', '-c', 'appPort=']);
  expect(status).toBe(1);
  expect(output.trim().split('\n').slice(0, 3)).toEqual([
    'greenWieght: got an unknown key, did you mean greenWeight?',
    'appPort: got "", expected a whole number from 1 to 65535; for example -c appPort=8080',
    'greenActive: got "yes", expected true or false; for example -c greenActive=true',
  ]);
  expect(output).not.toMatch(/^\s+at /m);
});

test('an existing VPC is looked up with credentials, or asked for in words', () => {
  const { status, output } = cdk(['synth', '-q', '-c', 'vpcId=vpc-0123456789abcdef0']);
  expect(status).toBe(1);
  expect(output).toContain(
    'vpcId: got "vpc-0123456789abcdef0", expected AWS credentials and a Region too, with which the CDK looks this VPC up',
  );
});

describe('with stages in the files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'app-stages-'));
  const synth = (...words: string[]) => cdk(['synth', '-q', ...words], undefined, folder);
  const services = (stack: string, property = 'DesiredCount') =>
    Object.values<{ Type: string; Properties: any }>(
      JSON.parse(readFileSync(join(out, `${stack}.template.json`), 'utf8')).Resources,
    )
      .filter(({ Type }) => Type === 'AWS::ECS::Service')
      .map(({ Properties }) => Properties[property]);

  beforeAll(() => {
    const app = `${process.execPath} -r ${require.resolve('tsx/cjs')} ${join(root, 'bin/app.ts')}`;
    const context = { trafficPlane: 'load-balancer', desiredCount: 1, 'prod:desiredCount': 4 };
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app, context }));
    const blue = (stage: string) => ({ [`${stage}:blueActive`]: true, [`${stage}:blueWeight`]: 1 });
    const green = (stage: string) => ({ [`${stage}:greenActive`]: false, [`${stage}:greenWeight`]: 0 });
    const state = { ...blue('dev'), ...green('dev'), ...blue('prod'), ...green('prod') };
    writeFileSync(join(folder, 'cdk.context.json'), JSON.stringify(state));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('each is a stack of its own, and a flag of the command counts before its files', () => {
    expect(synth('-c', 'stage=prod').status).toBe(0);
    expect(services('sample-prod-blue-green')).toEqual([4]);
    expect(synth('-c', 'stage=dev', '-c', 'greenActive=true', '-c', 'desiredCount=2', '-c', 'dev:greenWeight=1').status).toBe(0);
    expect(services('sample-dev-blue-green')).toEqual([2, 2]);
  });

  test('what the file in the home directory says for all is no flag of the command', () => {
    const grace = { healthcheckGracePeriod: 90, 'prod:healthcheckGracePeriod': 120 };
    writeFileSync(join(folder, '.cdk.json'), JSON.stringify({ context: grace }));
    expect(cdk(['synth', '-q', '-c', 'stage=prod'], { HOME: folder, CDK_VALIDATION: 'false' }, folder).status).toBe(0);
    expect(services('sample-prod-blue-green', 'HealthCheckGracePeriodSeconds')).toEqual([120]);
  });

  test('one must be chosen', () => {
    const { status, output } = synth();
    expect(status).toBe(1);
    expect(output).toContain('stage: got none, expected dev or prod, whose state the files have; for example -c stage=dev\n');
  });

  test('what it lacks is named as it is read', () => {
    const { output } = synth('-c', 'stage=prod', '-c', 'prod:vpcId=vpc-0123456789abcdef0');
    expect(output).toContain('prod:vpcId: got "vpc-0123456789abcdef0", expected AWS credentials and a Region too');
  });
});

test('a stack trace names the lines of the TypeScript sources', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-r', 'source-map-support/register-hook-require', '-r', 'tsx/cjs', '-e', "require('./lib/release/release').canary([])"],
    { cwd: root, encoding: 'utf8' },
  );
  expect(status).toBe(1);
  const line = /release\.ts:(\d+):\d+\)/.exec(stderr)?.[1];
  expect(Number(line)).toBeGreaterThan(40);
});
