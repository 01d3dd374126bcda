import { once } from 'node:events';
import { Emulator } from '../lib/local/emulator/emulator';

/** `npm run emulator`: for a person who wants to try `cdk` commands by hand. */
async function main(): Promise<void> {
  const emulator = await Emulator.start();
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const environment = { ...emulator.environment, CDK_DEFAULT_ACCOUNT: emulator.account, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  console.log(`# The emulator answers at ${emulator.url}, until Ctrl-C. Paste this into another terminal, then:`);
  console.log(`#   npx cdk bootstrap aws://${emulator.account}/${emulator.region} && npx cdk deploy`);
  for (const [name, value] of Object.entries(environment)) {
    console.log(`export ${name}=${value}`);
  }
  await Promise.race([stopped, emulator.ended]);
  await emulator.stop();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
