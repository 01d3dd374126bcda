import { App } from 'aws-cdk-lib';
import { TemporaryFolder } from '../local/tasks/temporary-folder';
import type { TemplateJson } from '../local/template/template';
import type { Context } from '../settings/context';
import { type ReadSettingsOptions, readSettings } from '../settings/read-settings';
import type { Settings } from '../settings/settings';
import { BlueGreenStack, stackNameOf } from './blue-green-stack';

/** The template of one step with the settings from which it was made. */
export interface Synthesis {
  readonly template: TemplateJson;
  readonly settings: Settings;
}

// Where each construct was made is for who debugs an app, and takes a fifth of the time.
const quick: Context = { 'aws:cdk:disable-creation-stack-traces': true };

/**
 * Synthesizes the stack in this process.
 *
 * @param options how the context is read
 * @throws SettingsError when the context has a problem
 */
export function synthesize(context: Context, options?: ReadSettingsOptions): Synthesis {
  const folder = TemporaryFolder.make('rehearsal-synth-');
  try {
    const app = new App({
      autoSynth: false,
      context: { ...context, ...quick },
      outdir: folder.path,
      analyticsReporting: false,
      treeMetadata: false,
      // A deploy validates the template; here it would cost more time than all the rest of the synthesis.
      builtinCloudFormationValidation: false,
    });
    const settings = readSettings(app.node.getAllContext(), options);
    // A look-up asks for an account and a Region. It finds nothing here, and no part of a network has a say in a split.
    const env = settings.vpcId === undefined ? undefined : { account: '000000000000', region: 'us-east-1' };
    const stack = new BlueGreenStack(app, stackNameOf(settings), { settings, env });
    return { template: app.synth().getStackArtifact(stack.artifactId).template, settings };
  } finally {
    folder.remove();
  }
}
