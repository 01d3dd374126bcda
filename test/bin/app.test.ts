import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const out = mkdtempSync(join(tmpdir(), 'app-'));

afterAll(() => rmSync(out, { recursive: true }));

/** Runs the real `cdk` command line as on a machine without AWS credentials and without network. */
function cdk(args: readonly string[], env: Readonly<Record<string, string>> = { CDK_VALIDATION: 'false' }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...args, '-o', out], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: out,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      ...env,
    },
  });
  return { status, output: `${stdout}${stderr}` };
}

test('synthesizes without credentials or network, and tells of the end of App Mesh once', () => {
  const { status, output } = cdk(['synth', '-q', '--strict'], {});
  expect(status).toBe(0);
  expect(readdirSync(out)).toContain('sample-blue-green.template.json');
  expect(output.match(/AWS ended App Mesh on 2026-09-30/g)).toHaveLength(1);
  expect(output).not.toContain('W3696');
}, 60_000);

test('says what is wrong, one line each, with exit code 1 and no stack trace', () => {
  const { status, output } = cdk(['synth', '-q', '-c', 'greenActive=yes', '-c', 'greenWieght=1', '-c', 'appPort=']);
  expect(status).toBe(1);
  expect(output.trim().split('\n').slice(0, 3)).toEqual([
    'greenWieght: got an unknown key, did you mean greenWeight?',
    'appPort: got "", expected a whole number from 1 to 65535; for example -c appPort=8080',
    'greenActive: got "yes", expected true or false; for example -c greenActive=true',
  ]);
  expect(output).not.toMatch(/^\s+at /m);
}, 60_000);

test('an existing VPC is looked up with credentials, or asked for in words', () => {
  const { status, output } = cdk(['synth', '-q', '-c', 'vpcId=vpc-0123456789abcdef0']);
  expect(status).toBe(1);
  expect(output).toContain(
    'vpcId: got "vpc-0123456789abcdef0", expected AWS credentials and a Region too, with which the CDK looks this VPC up',
  );
}, 60_000);

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
