import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import type { Context } from '../deploy/cdk';
import { Checkout } from '../deploy/checkout';
import { Requests } from '../deploy/requests';
import { Stage } from '../deploy/stage';
import { placeOf99Percent } from './following';
import { median } from './measure';

/** With so many, all but the lowest and the highest one hold the median in 96 of 100 runs: that of nine values is below the second with 2 %. */
const rounds = 9;
const rate = 200;
const goal = 1 / 3;
const appName = 'back';
const settings = { trafficPlane: 'load-balancer', appName };
const root = path.resolve(__dirname, '..', '..');

const both = (blueWeight: number, greenWeight: number): Context => ({
  ...{ blueActive: true, blueWeight, greenActive: true, greenWeight },
});

/**
 * How long it takes to go back, from the command to 99 % of the requests on the old slot: `npm run release -- rollback` against
 * `cdk deploy` with the old flags, in turns, as a person has them, on the local AWS.
 */
export async function benchRollback(): Promise<void> {
  const state = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };
  const checkout = new Checkout(settings, state);
  symlinkSync(path.join(root, 'package.json'), path.join(checkout.folder, 'package.json'));
  symlinkSync(path.join(root, 'package-lock.json'), path.join(checkout.folder, 'package-lock.json'));
  const stage = await Stage.open({ folder: checkout.folder, isSynthesizedHere: true, context: { ...settings, ...state } });
  try {
    await stage.deploy({ ...settings, ...state });
    await stage.deploy({ ...settings, ...both(1, 0) });
    const requests = new Requests(await stage.url(appName), { rate });
    const contestants = {
      rollback: () => ran(checkout.folder, stage, 'npm', 'run', '--silent', 'release', '--', 'rollback', '--yes'),
      'cdk deploy': () =>
        ran(checkout.folder, stage, 'npx', 'cdk', 'deploy', '--require-approval', 'never', ...stage.cdk.app(both(1, 0))),
    };
    const names = Object.keys(contestants) as (keyof typeof contestants)[];
    const times = { rollback: [] as number[], 'cdk deploy': [] as number[] };
    for (let round = -1; round < rounds; round += 1) {
      for (const name of round % 2 === 0 ? names : [...names].reverse()) {
        await stage.deploy({ ...settings, ...both(1, 1) });
        const ms = await timeTo99Percent(requests, contestants[name]);
        if (round >= 0) {
          times[name].push(ms);
        }
      }
    }
    await requests.stop();
    show(
      times,
      Object.values(requests.lost).reduce((sum, count) => sum + count, 0),
    );
  } finally {
    await stage.close();
    checkout.remove();
  }
}

async function timeTo99Percent(requests: Requests, command: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await command();
  await requests.split(rate);
  const after = requests.all.filter(({ sentAt }) => sentAt >= begun).sort((one, other) => one.sentAt - other.sentAt);
  const first = after[placeOf99Percent(after.map(({ appSlot }) => appSlot === 'blue'))];
  return (first?.sentAt ?? Number.POSITIVE_INFINITY) - begun;
}

async function ran(folder: string, stage: Stage, command: string, ...words: readonly string[]): Promise<void> {
  const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: stage.cdk.environment() });
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${command} ${words.join(' ')}: exit code ${code}`);
  }
}

function show(times: { readonly rollback: readonly number[]; readonly 'cdk deploy': readonly number[] }, lost: number): void {
  const ratios = times.rollback
    .map((ms, round) => ms / (times['cdk deploy'][round] ?? Number.NaN))
    .sort((one, other) => one - other);
  const [low = Number.NaN, high = Number.NaN] = [ratios[1], ratios.at(-2)];
  console.log(
    `\ntime to go back on ${settings.trafficPlane}: from the command to 99 % on the old slot, ${rounds} rounds, median`,
  );
  console.table([
    {
      'npm run release -- rollback, ms': median(times.rollback).toFixed(0),
      'npx cdk deploy, ms': median(times['cdk deploy']).toFixed(0),
      ratio: median(ratios).toFixed(2),
      'bounds of the ratio (96 %)': `${low.toFixed(2)} to ${high.toFixed(2)}`,
      goal: `<= ${goal.toFixed(2)}`,
      met: high <= goal ? 'yes' : 'no',
      lost,
    },
  ]);
}

if (require.main === module) {
  benchRollback().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
