import { execFileSync } from 'node:child_process';
import { quantile } from '../../lib/rehearsal/load/tally';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import type { Context } from '../deploy/cdk';
import { planeCases } from '../deploy/planes';
import { Requests } from '../deploy/requests';
import { Stage } from '../deploy/stage';
import { placeOf99Percent } from './following';

const moves = 10;
const rate = 1000;
const goalMs = 100;
const appName = 'bench';

/** How soon requests follow a deploy that changes weights, counted from the handler of CloudFormation; and what AWS on this machine takes. */
export async function benchLocalAws(): Promise<void> {
  const rows: object[] = [];
  for (const plane of planeNames) {
    rows.push(await benchPlane(plane));
  }
  console.log(`\n${moves} deploys from all to nothing and back on each plane, at ${rate} requests per second`);
  console.table(rows);
}

async function benchPlane(plane: PlaneName): Promise<object> {
  const { route } = planeCases[plane];
  let toldAt = 0;
  const stage = await Stage.open({
    onChanged: ({ resource }, at) => {
      toldAt = resource.type === route.type ? at : toldAt;
    },
  });
  try {
    const context = (blueWeight: number, greenWeight: number): Context => ({
      ...{ trafficPlane: plane, appName, blueActive: true, greenActive: true, blueWeight, greenWeight },
    });
    const first = await stage.deploy(context(1, 0));
    const requests = new Requests(await stage.url(appName), { rate });
    const seconds: number[] = [];
    const following: number[] = [];
    for (let move = 1; move <= moves; move += 1) {
      const [blue, green] = move % 2 === 0 ? [1, 0] : [0, 1];
      seconds.push((await stage.deploy(context(blue, green))).seconds);
      await requests.split(500);
      const after = requests.all.filter(({ sentAt }) => sentAt >= toldAt).sort((a, b) => a.sentAt - b.sentAt);
      const place = placeOf99Percent(after.map(({ appSlot }) => appSlot === (green ? 'green' : 'blue')));
      following.push((after[place]?.sentAt ?? Number.POSITIVE_INFINITY) - toldAt);
    }
    const lost = Object.values(requests.lost).reduce((sum, count) => sum + count, 0);
    await requests.stop();
    return {
      plane,
      'handler to 99 % following, median in ms': rounded(quantile(following, 0.5)),
      'slowest in ms': rounded(Math.max(...following)),
      met: Math.max(...following) <= goalMs ? 'yes' : 'no',
      lost,
      'first deploy in s': rounded(first.seconds),
      'weights, median in s': rounded(quantile(seconds, 0.5)),
      'memory of the emulator, Envoy and tasks in MiB': memoryBelow(process.pid),
    };
  } finally {
    await stage.close();
  }
}

// Resident memory of all processes that this one has started, without this one.
function memoryBelow(pid: number): number {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,rss=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .map(([, own = '', parent = '', rss = '', command = '']) => ({
      own: Number(own),
      parent: Number(parent),
      rss: Number(rss),
      command,
    }));
  const below = (parent: number): number =>
    rows
      .filter((row) => row.parent === parent && !row.command.startsWith('ps '))
      .reduce((sum, row) => sum + row.rss + below(row.own), 0);
  return Math.round(below(pid) / 1024);
}

function rounded(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}

if (require.main === module) {
  benchLocalAws().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
