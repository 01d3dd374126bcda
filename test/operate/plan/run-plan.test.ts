import { join } from 'node:path';
import { stepTemplate } from '../../../lib/operate/declared/step-template';
import type { DeployedStack } from '../../../lib/operate/deployed/deployed-stack';
import type { OperateTerminal } from '../../../lib/operate/operate-terminal';
import { type PlanLine, runPlan } from '../../../lib/operate/plan/run-plan';
import { guardOf } from '../../../lib/operate/template/guarded-state';
import type { StackTemplate } from '../../../lib/operate/template/stack-template';
import type { ReleaseDirection, ReleaseState } from '../../../lib/release/release';
import { off, on } from './plans';

const asked = {
  folder: join(__dirname, '..', '..', '..'),
  context: { trafficPlane: 'load-balancer' } as Readonly<Record<string, string>>,
  stage: undefined,
  stackName: 'sample-blue-green',
};
const usual: PlanLine = { ladder: [50, 100], to: undefined, json: true, markdown: false };

function deployed(state: ReleaseState): DeployedStack {
  const template = stepTemplate(asked, state, { account: '123456789012', region: 'eu-central-1' }) as StackTemplate;
  const guard = guardOf(template);
  if (guard === undefined) {
    throw new Error('template: expected a guard');
  }
  return {
    name: asked.stackName,
    id: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/sample-blue-green/1',
    status: 'UPDATE_COMPLETE',
    statusReason: undefined,
    changedAt: new Date(),
    template: JSON.stringify(template),
    state: guard.state,
    outputs: {},
    parameters: [],
    rollbackTriggers: [],
    roleArn: undefined,
    physicalIds: new Map(),
  };
}

async function run(
  stack: DeployedStack,
  line: Partial<PlanLine> = {},
  direction?: ReleaseDirection,
  context = asked.context,
  nothing?: string,
) {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) > 0 };
  const terminal: OperateTerminal = {
    out: output,
    err: output,
    environment: {},
    requireAnswers: () => {},
    ask: async () => false,
  };
  const reading = {
    stack: async () => stack,
    direction: async () => {
      if (direction === undefined) {
        throw new Error('direction: expected nobody to ask AWS for it');
      }
      return direction;
    },
    nothingToRelease: async () => nothing,
  };
  const code = await runPlan({ ...usual, ...line }, { ...asked, context }, terminal, new AbortController().signal, reading);
  return { code, text: written.join('') };
}

describe('npm run release -- plan', () => {
  const half: ReleaseState = { blue: on(1), green: on(1) };

  it('plans from what is deployed, to the slot that is off', async () => {
    const { code, text } = await run(deployed({ blue: on(1), green: off }));
    const plan = JSON.parse(text);
    expect([code, plan.from, plan.to]).toEqual([0, 'blue', 'green']);
    expect(plan.steps.map(({ name }: { name: string }) => name)).toEqual(['green at 0', '50/50', 'blue at 0', 'green only']);
  });

  it.each<ReleaseDirection>([
    { from: 'blue', to: 'green' },
    { from: 'green', to: 'blue' },
  ])('of two slots, goes to the one that is new', async (direction) => {
    const { text } = await run(deployed(half), {}, direction);
    expect(JSON.parse(text)).toMatchObject({ ...direction, steps: [{ guard: [] }, { guard: [] }] });
  });

  it('goes to the slot that is named, and asks nobody', async () => {
    expect(JSON.parse((await run(deployed(half), { to: 'blue' })).text)).toMatchObject({ to: 'blue' });
  });

  it('is done when nothing is left', async () => {
    const { code, text } = await run(deployed({ blue: off, green: on(1) }), { to: 'green', json: false });
    expect(code).toBe(0);
    expect(text).toContain('Nothing is left to do');
  });

  it('has no step where the slot that is off has nothing new, and says why', async () => {
    const nothing = 'nothing to release: green answers everything, and blue is off';
    const greenOnly = deployed({ blue: off, green: on(1) });
    const planned = (line: Partial<PlanLine>) => run(greenOnly, line, undefined, asked.context, nothing);
    const { code, text } = await planned({});
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ nothingToRelease: nothing, steps: [], minutes: 0 });
    expect((await planned({ json: false })).text).toContain(`\n  ${nothing}\n`);
    expect((await planned({ json: false, markdown: true })).text).toContain(`\n${nothing}\n`);
  });

  it('plans the way back where the slot is named, whatever is in it', async () => {
    const greenOnly = deployed({ blue: off, green: on(1) });
    const { text } = await run(greenOnly, { to: 'blue' }, undefined, asked.context, 'nothing to release');
    expect(JSON.parse(text).steps).toHaveLength(4);
  });

  it('ends with 4 when a step is refused', async () => {
    const { code, text } = await run(deployed(half), { to: 'green', json: false }, undefined, {
      ...asked.context,
      blueImage: 'shop:2',
    });
    expect(code).toBe(4);
    expect(text).toContain('the guard refuses it: blueImage: got "shop:2"');
  });

  it('can be put into a pull request', async () => {
    expect((await run(deployed(half), { to: 'green', json: false, markdown: true })).text).toMatch(/^### sample · load-balancer/);
  });
});
