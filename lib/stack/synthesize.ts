import { App, type Environment } from 'aws-cdk-lib';
import { TemporaryFolder } from '../local/tasks/temporary-folder';
import type { TemplateJson } from '../local/template/template';
import type { Context } from '../settings/context';
import { type ReadSettingsOptions, readSettings } from '../settings/read-settings';
import type { Settings } from '../settings/settings';
import { BlueGreenStack } from './blue-green-stack';
import { stackNameOf } from './stack-name';

/** The template of one step with the settings from which it was made. */
export interface Synthesis {
  readonly template: TemplateJson;
  readonly settings: Settings;

  /** Whether something had to be looked up in an account and is not known yet: the template has something made up in its place. */
  readonly isIncomplete: boolean;
}

/** How a stack is synthesized in this process. */
export interface SynthesizeOptions extends ReadSettingsOptions {
  /**
   * Account and Region, for what is looked up there.
   *
   * @default - none: nothing is looked up
   */
  readonly env?: Required<Environment>;

  /**
   * Further context, such as what the command line of the CDK adds.
   *
   * @default - none
   */
  readonly more?: Context;
}

// Where each construct was made is for who debugs an app, and takes a fifth of the time.
const quick: Context = { 'aws:cdk:disable-creation-stack-traces': true };

// An account that has nothing.
const nowhere: Required<Environment> = { account: '000000000000', region: 'us-east-1' };

/**
 * Synthesizes the stack in this process.
 *
 * @throws SettingsError when the context has a problem
 */
export function synthesize(context: Context, { env = nowhere, more = {}, ...options }: SynthesizeOptions = {}): Synthesis {
  const folder = TemporaryFolder.make('rehearsal-synth-');
  try {
    const app = new App({
      autoSynth: false,
      context: { ...context, ...quick, ...more },
      outdir: folder.path,
      analyticsReporting: false,
      treeMetadata: false,
      // A deploy validates the template; here it would cost more time than all the rest of the synthesis.
      builtinCloudFormationValidation: false,
    });
    const settings = readSettings(app.node.getAllContext(), options);
    // Only a look-up asks for an account and a Region. In a rehearsal it finds nothing, and no part of a network has a say in a split.
    const stack = new BlueGreenStack(app, stackNameOf(settings), {
      settings,
      env: settings.vpcId === undefined ? undefined : env,
    });
    const assembly = app.synth();
    return {
      template: assembly.getStackArtifact(stack.artifactId).template,
      settings,
      isIncomplete: (assembly.manifest.missing ?? []).length > 0,
    };
  } finally {
    folder.remove();
  }
}
