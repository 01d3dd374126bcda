import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Context } from '../../lib/settings/context';
import { readSettings } from '../../lib/settings/read-settings';
import { BlueGreenStack } from '../../lib/stack/blue-green-stack';
import { stackNameOf } from '../../lib/stack/stack-name';

/**
 * Writes what the app of a checkout synthesizes, for the command line to take: where many deploys follow each other, starting the app each
 * time takes a third of the time. That the command line starts it as it should is shown by the deploys of a release.
 *
 * @param folder the checkout
 * @param outdir where it is written
 */
export function writeAssembly(folder: string, context: Context, outdir: string): void {
  const files = ['cdk.json', 'cdk.context.json'].map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  const [{ context: settings }, state] = files;
  const app = new App({
    autoSynth: false,
    outdir,
    context: { ...settings, ...state, ...context, 'aws:cdk:enable-path-metadata': true },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const read = readSettings(app.node.getAllContext());
  new BlueGreenStack(app, stackNameOf(read), { settings: read });
  app.synth();
}
