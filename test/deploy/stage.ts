import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Emulator, Event, LiveResource } from '../../lib/local/emulator/emulator';
import { findEnvoy } from '../../lib/local/envoy/envoy-binary';
import { LocalAws, type LocalAwsOptions } from '../../lib/local/local-aws';
import { demoHealthCheckCommand, localDemoCommand } from '../../lib/settings/demo';
import { Stacks } from '../local/emulator/stacks';
import { Cdk, type CdkResult, type Context } from './cdk';

/** A resource that a deploy touched, by what it is for the app. */
export interface Change {
  readonly verb: Event['verb'];
  readonly type: string;

  /** Construct path below the stack, such as `App/Green/Service/Service`. */
  readonly path: string;
}

/** A deploy and what it did. */
export interface Deploy extends CdkResult {
  readonly changes: readonly Change[];
  readonly events: readonly Event[];
}

const noApproval = ['--require-approval', 'never'];

/** How an AWS on this machine is set up for tests. */
export interface StageOptions extends Omit<Partial<LocalAwsOptions>, 'envoy' | 'commands'> {
  /**
   * The checkout, with `cdk.json` and `cdk.context.json`.
   *
   * @default - this one
   */
  readonly folder?: string;

  /**
   * Whether the app is synthesized in this process, and the command line takes what came of it.
   *
   * @default - the command line starts the app
   */
  readonly isSynthesizedHere?: boolean;

  /** With what the app can be synthesized there. */
  readonly context?: Context;

  /**
   * Shell commands that run instead of images.
   *
   * @default - the demo, for all of them
   */
  readonly byImage?: ReadonlyMap<string, string>;
}

/** An AWS on this machine that is bootstrapped, and the command line that talks to it. */
export class Stage {
  static async open({
    folder,
    context = {},
    byImage = new Map(),
    isSynthesizedHere = false,
    ...options
  }: StageOptions = {}): Promise<Stage> {
    const envoy = await findEnvoy();
    const local = await LocalAws.start({
      envoy,
      commands: { byImage, bySlot: {}, demo: localDemoCommand, demoHealthCheck: demoHealthCheckCommand },
      ...options,
    });
    const cdk = new Cdk(local.emulator, folder);
    try {
      await cdk.bootstrap(isSynthesizedHere ? cdk.synthesized(context) : cdk.app(context));
      return new Stage(local, cdk, isSynthesizedHere);
    } catch (error) {
      cdk.end();
      await local.stop();
      throw error;
    }
  }

  readonly emulator: Emulator;

  private constructor(
    private readonly local: LocalAws,
    readonly cdk: Cdk,
    private readonly isSynthesizedHere: boolean,
  ) {
    this.emulator = local.emulator;
  }

  /** Where the service of an app answers. */
  async url(appName: string): Promise<string> {
    const { Url = '' } = await new Stacks(this.emulator).outputs(`${appName}-blue-green`);
    return Url;
  }

  /**
   * Runs `cdk deploy`, which must succeed, and tells what CloudFormation did.
   *
   * @param more options of the command line
   */
  async deploy(context: Context, ...more: readonly string[]): Promise<Deploy> {
    return this.observe(context, (options) => this.cdk.succeed('deploy', ...noApproval, ...more, ...options));
  }

  /**
   * Runs `cdk deploy`, which may fail.
   *
   * @param more options of the command line
   */
  async tryDeploy(context: Context, ...more: readonly string[]): Promise<Deploy> {
    return this.observe(context, (options) => this.cdk.run('deploy', ...noApproval, ...more, ...options));
  }

  /** Starts `cdk deploy`, so that it can be killed. */
  startDeploy(context: Context) {
    return this.cdk.start('deploy', ...noApproval, ...this.app(context));
  }

  /** What `cdk diff` says a deploy would do. */
  async diff(context: Context): Promise<readonly Change[]> {
    const { output } = await this.cdk.succeed('diff', ...this.app(context));
    return changesInDiff(output);
  }

  destroy(context: Context): Promise<CdkResult> {
    return this.cdk.succeed('destroy', '--force', ...this.app(context));
  }

  /** What is there beside what `cdk bootstrap` made. */
  async leftovers(): Promise<readonly LiveResource[]> {
    return (await this.emulator.resources()).filter(({ stack }) => stack !== 'CDKToolkit');
  }

  async close(): Promise<void> {
    this.cdk.end();
    await this.local.stop();
  }

  private app(context: Context): string[] {
    return this.isSynthesizedHere ? this.cdk.synthesized(context) : this.cdk.app(context);
  }

  private async observe(context: Context, run: (options: string[]) => Promise<CdkResult>): Promise<Deploy> {
    const before = (await this.emulator.events()).length;
    const options = this.app(context);
    const result = await run(options);
    const events = (await this.emulator.events()).slice(before);
    this.rememberPaths(options[1] as string);
    return {
      ...result,
      events,
      changes: events.map(({ verb, type, logicalId }) => ({ verb, type, path: this.paths.get(logicalId) ?? logicalId })),
    };
  }

  // A resource that a deploy removes is in the template of an earlier one.
  private readonly paths = new Map<string, string>();

  private rememberPaths(assembly: string): void {
    const file = readdirSync(assembly).find((name) => name.endsWith('.template.json')) as string;
    const template = JSON.parse(readFileSync(path.join(assembly, file), 'utf8'));
    for (const [logicalId, { Metadata }] of Object.entries<{ Metadata?: Record<string, string> }>(template.Resources)) {
      this.paths.set(logicalId, shortPath(Metadata?.['aws:cdk:path'] ?? logicalId));
    }
  }
}

/** Of a stack that is gone, its log of the app is left, with what it says of the end. */
export function expectLogsOnly(leftovers: readonly LiveResource[]): void {
  expect(new Set(leftovers.map(({ type }) => type))).toEqual(new Set(['AWS::Logs::LogGroup']));
}

/** A construct path as `cdk diff` prints it: without the stack, and without the name of the L1 within an L2. */
function shortPath(constructPath: string): string {
  return constructPath.replace(/^[^/]+\//, '').replace(/\/(Resource|Default)$/, '');
}

const verbs: Readonly<Record<string, Change['verb']>> = { '+': 'create', '~': 'update', '-': 'delete' };

/** The resources that an output of `cdk diff` names. */
export function changesInDiff(output: string): Change[] {
  const [, resources = ''] = output.split(/^Resources$/m);
  const [section = ''] = resources.split(/^(?:Outputs|✨)/m);
  return [...section.matchAll(/^\[([+~-])\] ((?:AWS|Custom)::\S+) (\S+) \S+( replace| may be replaced)?/gm)].map(
    ([, sign = '', type = '', constructPath = '', replaced]) => ({
      verb: replaced ? 'replace' : (verbs[sign] as Change['verb']),
      type,
      path: constructPath,
    }),
  );
}
