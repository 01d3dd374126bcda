#!/usr/bin/env node
import { App, type Environment } from 'aws-cdk-lib';
import { readSettings } from '../lib/settings/read-settings';
import type { Settings } from '../lib/settings/settings';
import { SettingsError } from '../lib/settings/settings-error';
import { BlueGreenStack, stackNameOf } from '../lib/stack/blue-green-stack';

const app = new App({ autoSynth: false });
try {
  const settings = readSettings(app.node.getAllContext());
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
function environment({ vpcId }: Settings): Environment | undefined {
  if (vpcId === undefined) {
    return undefined;
  }
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  if (!account || !region) {
    throw new SettingsError([
      `vpcId: got "${vpcId}", expected AWS credentials and a Region too, with which the CDK looks this VPC up; for example --profile dev`,
    ]);
  }
  return { account, region };
}
