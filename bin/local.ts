import { installEmulator } from '../lib/local/emulator/install';
import { findEnvoy } from '../lib/local/envoy/envoy-binary';
import { LocalAws } from '../lib/local/local-aws';
import { PageServer } from '../lib/local/page/page-server';
import { WatchedAws } from '../lib/local/page/watched-aws';
import { UserError } from '../lib/release/user-error';
import { demoHealthCheckCommand, localDemoCommand } from '../lib/settings/demo';
import { readLocalCommandLine } from './local/command-line';

const stop = new AbortController();
let open: readonly string[] = [];

/** `npm run local`: AWS on this machine, for any cdk command in another terminal. */
async function main(): Promise<number> {
  const { help, minuteSeconds, byImage, bySlot } = readLocalCommandLine(process.argv.slice(2));
  if (help !== undefined) {
    console.log(help);
    return 0;
  }
  let code = 0;
  const stopped = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve());
  });
  const { signal } = stop;
  const envoy = await findEnvoy({
    signal,
    onInstall: (version) => console.log(`# installing Envoy ${version} in .envoy, once: about 35 MB`),
  });
  await installEmulator({ signal, onInstall: () => console.log('# installing the emulator in .emulator, once') });
  const watched = new WatchedAws();
  const local = await LocalAws.start({
    envoy,
    commands: { byImage, bySlot, demo: localDemoCommand, demoHealthCheck: demoHealthCheckCommand },
    minuteSeconds,
    signal,
    ...watched.callbacks,
    onLost: (problem) => {
      console.error(`${problem}; all of it ends now, start it anew`);
      code = 1;
      stop.abort();
    },
    onWaysIn: (waysIn) => {
      showWaysIn(waysIn.map(({ name, stack, address }) => `http://${address}: ${name} of ${stack}`));
      watched.onWaysIn(waysIn);
    },
  });
  let page: PageServer | undefined;
  try {
    const { url, account, region } = local.emulator;
    const commands = [`npx cdk bootstrap aws://${account}/${region}`, 'npx cdk deploy -c greenActive=true -c greenWeight=1'];
    page = await PageServer.start({ watched, about: { endpoint: url, commands } });
    console.log(`# AWS on this machine answers at ${url}, until Ctrl-C. Paste this into another terminal:`);
    for (const [name, value] of Object.entries(local.environment)) {
      console.log(`export ${name}=${value}`);
    }
    console.log('# Then, there:');
    console.log(`#   ${commands.join(' && ')}`);
    console.log(`# Watch it at ${page.url}`);
    await stopped;
    return code;
  } finally {
    await page?.stop();
    await local.stop();
  }
}

function showWaysIn(now: readonly string[]): void {
  for (const line of open.filter((each) => !now.includes(each))) {
    console.log(`# closed ${line}`);
  }
  for (const line of now.filter((each) => !open.includes(each))) {
    console.log(`# open ${line}`);
  }
  open = now;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) {
      process.exit(130);
    }
    stop.abort();
  });
}
for (const output of [process.stdout, process.stderr]) {
  // Who reads may have seen enough, as in `| head -3`: what is deployed goes on all the same.
  output.on('error', () => {});
}
main().then(
  (code) => process.exit(code),
  (error) => {
    if (stop.signal.aborted) {
      process.exit(0);
    }
    if (!(error instanceof UserError)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  },
);
