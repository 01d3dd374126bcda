import { installEmulator } from '../lib/local/emulator/install';
import { findEnvoy } from '../lib/local/envoy/envoy-binary';
import { LocalAws } from '../lib/local/local-aws';
import { UserError } from '../lib/release/user-error';
import { demoHealthCheckCommand, localDemoCommand } from '../lib/settings/demo';
import { readLocalCommandLine } from './local/command-line';

/** `npm run local`: AWS on this machine, for any cdk command in another terminal. */
async function main(): Promise<number> {
  const { help, byImage, bySlot } = readLocalCommandLine(process.argv.slice(2));
  if (help !== undefined) {
    console.log(help);
    return 0;
  }
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      stop.abort();
      end(0);
    });
  }
  let open: readonly string[] = [];
  const envoy = await findEnvoy({
    signal: stop.signal,
    onInstall: (version) => console.log(`# installing Envoy ${version} in .envoy, once: about 35 MB`),
  });
  await installEmulator({ signal: stop.signal, onInstall: () => console.log('# installing the emulator in .emulator, once') });
  const local = await LocalAws.start({
    envoy,
    commands: { byImage, bySlot, demo: localDemoCommand, demoHealthCheck: demoHealthCheckCommand },
    onLost: (problem) => {
      console.error(`${problem}; nothing can be reached any more, start it anew`);
      end(1);
    },
    onWaysIn: (waysIn) => {
      const now = waysIn.map(({ name, stack, address }) => `http://${address}: ${name} of ${stack}`);
      for (const line of open.filter((each) => !now.includes(each))) {
        console.log(`# closed ${line}`);
      }
      for (const line of now.filter((each) => !open.includes(each))) {
        console.log(`# open ${line}`);
      }
      open = now;
    },
  });
  try {
    const { url, account, region } = local.emulator;
    console.log(`# AWS on this machine answers at ${url}, until Ctrl-C. Paste this into another terminal, then:`);
    console.log(`#   npx cdk bootstrap aws://${account}/${region} && npx cdk deploy -c greenActive=true -c greenWeight=1`);
    for (const [name, value] of Object.entries(local.environment)) {
      console.log(`export ${name}=${value}`);
    }
    return await ended;
  } finally {
    await local.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    if (!(error instanceof UserError)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  },
);
