import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkCdkSettings } from '../../../lib/operate/step/cdk-settings';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdk-settings-'));
  home = path.join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Places {
  readonly project?: object;
  readonly user?: object;
  readonly environment?: NodeJS.ProcessEnv;
}

function refusal({ project = {}, user = {}, environment = {} }: Places): unknown {
  writeFileSync(path.join(folder, 'cdk.json'), JSON.stringify(project));
  writeFileSync(path.join(home, '.cdk.json'), JSON.stringify(user));
  try {
    checkCdkSettings(folder, { HOME: home, ...environment });
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each<[string, Places]>([
  ['this project', { project: JSON.parse(readFileSync(path.resolve(__dirname, '..', '..', '..', 'cdk.json'), 'utf8')) }],
  ['what has no bearing on a deploy', { project: { app: 'node app', watch: {}, output: 'out', tags: [], rollback: false } }],
  ['what is turned off', { project: { hotswap: false, force: false }, environment: { CDK_FORCE: 'false', CDK_HOTSWAP: '' } }],
  [
    'the place that the SDK reads too',
    { project: { profile: 'prod', region: 'eu-west-1' }, environment: { AWS_PROFILE: 'prod', AWS_DEFAULT_REGION: 'eu-west-1' } },
  ],
  [
    'variables that are no options',
    { environment: { CDK_DEFAULT_ACCOUNT: '1', CDK_DEFAULT_REGION: 'x', CDK_DISABLE_CLI_TELEMETRY: 'true' } },
  ],
])('%s is fine', (_, places) => {
  expect(refusal(places)).toBeUndefined();
});

test.each<[string, Places, string]>([
  [
    'hotswap',
    { project: { hotswap: { ecs: {} } } },
    'hotswap: got {"ecs":{}} in cdk.json, expected none for a release; take it out',
  ],
  [
    'for all projects',
    { user: { method: 'direct' } },
    'method: got "direct" in ~/.cdk.json, expected none for a release; take it out',
  ],
  [
    'by a variable',
    { environment: { CDK_HOTSWAP_FALLBACK: 'true' } },
    'CDK_HOTSWAP_FALLBACK: got "true", expected none for a release; unset it',
  ],
  ['another app', { environment: { CDK_APP: 'node x' } }, 'CDK_APP: got "node x", expected none for a release; unset it'],
  [
    'another profile',
    { user: { profile: 'test' }, environment: { AWS_PROFILE: 'prod' } },
    'profile: got "test" in ~/.cdk.json and AWS_PROFILE=prod, expected the same, since all but the cdk command line reads AWS_PROFILE; set AWS_PROFILE instead',
  ],
  [
    'a Region that only the cdk command line knows',
    { project: { region: 'eu-west-1' } },
    'region: got "eu-west-1" in cdk.json and no AWS_REGION, expected the same, since all but the cdk command line reads AWS_REGION; set AWS_REGION instead',
  ],
  [
    'a profile by a variable',
    { environment: { CDK_PROFILE: 'test' } },
    'CDK_PROFILE: got "test" and no AWS_PROFILE, expected the same, since all but the cdk command line reads AWS_PROFILE; set AWS_PROFILE instead',
  ],
])('%s is refused', (_, places, message) => {
  expect(refusal(places)).toMatchObject({ exitCode: 2, message });
});

test('all problems are told at once', () => {
  const project = { express: true, toolkitStackName: 'MyToolkit' };
  expect(refusal({ project, environment: { CDK_EXECUTE: 'no' } })).toMatchObject({ problems: { length: 3 } });
});
