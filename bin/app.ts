#!/usr/bin/env node
import { App, type Environment } from 'aws-cdk-lib';
import { readContextFiles } from '../lib/settings/context';
import { namedAsRead } from '../lib/settings/named-as-read';
import { readSettings } from '../lib/settings/read-settings';
import type { Settings } from '../lib/settings/settings';
import { SettingsError } from '../lib/settings/settings-error';
import { BlueGreenStack } from '../lib/stack/blue-green-stack';
import { stackNameOf } from '../lib/stack/stack-name';

const app = new App({ autoSynth: false });
try {
  const settings = readSettings(app.node.getAllContext(), { files: readContextFiles() });
  new BlueGreenStack(app, stackNameOf(settings), { settings, env: environment(settings) });
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}

// Only a look-up needs to know the account and the Region; without one, the same template fits everywhere.
function environment({ vpcId, stage, stagedKeys }: Settings): Environment | undefined {
  if (vpcId === undefined) {
    return undefined;
  }
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  if (!account || !region) {
    const problem = `vpcId: got "${vpcId}", expected AWS credentials and a Region too, with which the CDK looks this VPC up; for example --profile dev`;
    throw new SettingsError([namedAsRead(problem, stage, stagedKeys)]);
  }
  return { account, region };
}
