import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../deploy/cdk';
import { Stage } from '../deploy/stage';
import { services, synth } from './construct-synth';
import { median, sideBySide } from './measure';

const guards = [true, false] as const;
const plane = 'load-balancer';

/** What the release guard adds: to a synth in this process, to a first deploy and to a change of weights in the emulator. */
export async function benchGuard(rounds: number): Promise<void> {
  console.log(`\nwhat the guard adds on ${plane}, median of ${rounds}`);
  console.table([...synths(rounds), ...(await deploys(rounds))]);
}

function synths(rounds: number): object[] {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return [1, 10, 50].map((count) => {
      const make = (guard: boolean) => synth(outdir, (stack) => services(stack, plane, count, guard));
      const times = sideBySide({ with: () => make(true), without: () => make(false) }, rounds);
      const resources = (guard: boolean) => Object.values(make(guard)).reduce((sum, number) => sum + number, 0);
      return row(
        `synth of ${count} service${count > 1 ? 's' : ''}`,
        [resources(true), resources(false)],
        [times.with, times.without],
      );
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

// Each round makes both stacks anew, in turns, in one emulator.
async function deploys(rounds: number): Promise<object[]> {
  const stage = await Stage.open();
  try {
    const measured = (guard: boolean) => ({ guard, first: [] as number[], weights: [] as number[], touched: [0, 0] });
    const sides = guards.map(measured);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
        const context = (greenWeight: number): Context => ({
          trafficPlane: plane,
          appName: side.guard ? 'with' : 'without',
          guard: side.guard,
          greenActive: true,
          greenWeight,
        });
        const first = await stage.deploy(context(1));
        const weights = await stage.deploy(context(3));
        side.first.push(first.seconds * 1000);
        side.weights.push(weights.seconds * 1000);
        side.touched = [first.changes.length, weights.changes.length];
        await stage.destroy(context(3));
      }
    }
    const [on, off] = sides as [ReturnType<typeof measured>, ReturnType<typeof measured>];
    return (['first', 'weights'] as const).map((deploy, index) =>
      row(
        deploy === 'first' ? 'first deploy, whole command' : 'change of weights, whole command',
        [on.touched[index] ?? 0, off.touched[index] ?? 0],
        [median(on[deploy]), median(off[deploy])],
      ),
    );
  } finally {
    await stage.close();
  }
}

function row(what: string, [resources, peerResources]: [number, number], [time, peerTime]: [number, number]): object {
  return {
    what,
    'resources with': resources,
    without: peerResources,
    'ms with': time.toFixed(0),
    'ms without': peerTime.toFixed(0),
    ratio: (time / peerTime).toFixed(2),
  };
}
