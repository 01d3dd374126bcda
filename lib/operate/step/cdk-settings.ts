import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../exit-codes';
import { OperateError } from '../operate-error';

/** Options of `cdk deploy` that make it another deploy than the one that was looked at: past CloudFormation, half, or of something else. */
const neverOptions = [
  'app',
  'changeSetName',
  'execute',
  'express',
  'force',
  'hotswap',
  'hotswapFallback',
  'importExistingResources',
  'method',
  'parameters',
  'revertDrift',
  'roleArn',
  'toolkitStackName',
  'watch',
] as const;

/** Those that mean something else in a file: what the app is, and what `cdk watch` looks at. */
const ofFiles: readonly string[] = ['app', 'watch'];

/** Settings that say who is asked; the SDK reads none of them. */
const placeOptions = [
  { key: 'profile', names: ['AWS_PROFILE'] },
  { key: 'region', names: ['AWS_REGION', 'AWS_DEFAULT_REGION'] },
] as const;

/**
 * Looks at what the `cdk` command line would take from elsewhere than from its words: the files `cdk.json` and `~/.cdk.json`, and each
 * variable `CDK_…` of the environment. What would make the deploy another one, or send it to another account than the one that was
 * looked at, is refused.
 *
 * @param folder that of `cdk.json`
 * @throws OperateError with all problems at once
 * @see https://docs.aws.amazon.com/cdk/v2/guide/cli.html#cli-config
 */
export function checkCdkSettings(folder: string, environment: NodeJS.ProcessEnv): void {
  const home = environment.HOME || homedir();
  const problems = [
    ...settingsIn(join(home, '.cdk.json'), '~/.cdk.json', environment),
    ...settingsIn(join(folder, 'cdk.json'), 'cdk.json', environment),
    ...variables(environment),
  ];
  if (problems.length > 0) {
    throw new OperateError(problems, exitCodes.usage);
  }
}

function settingsIn(path: string, shown: string, environment: NodeJS.ProcessEnv): readonly string[] {
  let settings: Readonly<Record<string, unknown>>;
  try {
    settings = JSON.parse(readFileSync(path, 'utf8')) ?? {};
  } catch {
    // One that is not there says nothing, and a broken one is told when the context is read from it.
    return [];
  }
  return [
    ...neverOptions
      .filter((key) => !ofFiles.includes(key) && isSet(settings[key]))
      .map((key) => `${key}: got ${JSON.stringify(settings[key])} in ${shown}, expected none for a release; take it out`),
    ...placeOptions.flatMap(({ key, names }) => placeProblem(key, settings[key], `in ${shown}`, names, environment)),
  ];
}

function variables(environment: NodeJS.ProcessEnv): readonly string[] {
  const named = Object.fromEntries([...neverOptions, 'profile', 'region'].map((key) => [key, variableOf(key)]));
  return [
    ...neverOptions
      .filter((key) => isSet(environment[named[key] ?? '']))
      .map((key) => `${named[key]}: got ${JSON.stringify(environment[named[key] ?? ''])}, expected none for a release; unset it`),
    ...placeOptions.flatMap(({ key, names }) =>
      placeProblem(named[key] ?? '', environment[named[key] ?? ''], '', names, environment),
    ),
  ];
}

function placeProblem(
  key: string,
  value: unknown,
  where: string,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): readonly string[] {
  const used = names.map((name) => environment[name]).find((each) => each);
  if (!isSet(value) || value === used) {
    return [];
  }
  const [name] = names;
  const got = `${key}: got ${JSON.stringify(value)}${where === '' ? '' : ` ${where}`}`;
  const seen = used === undefined ? `no ${name}` : `${name}=${used}`;
  return [`${got} and ${seen}, expected the same, since all but the cdk command line reads ${name}; set ${name} instead`];
}

// As the CDK reads its environment: `hotswapFallback` is CDK_HOTSWAP_FALLBACK.
function variableOf(key: string): string {
  return `CDK_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 'false';
}
