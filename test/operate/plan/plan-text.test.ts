import type { ReleasePlan } from '../../../lib/operate/plan/plan';
import { planJson } from '../../../lib/operate/plan/plan-json';
import { planMarkdown } from '../../../lib/operate/plan/plan-markdown';
import { planText } from '../../../lib/operate/plan/plan-text';
import type { Paint } from '../../../lib/terminal/paint';
import { off, on, shopPlan } from './plans';

const plain: Paint = (_, text) => text;

let whole: ReleasePlan;
let refused: ReleasePlan;
let done: ReleasePlan;

beforeAll(async () => {
  whole = await shopPlan('load-balancer', { blue: on(1), green: off });
  refused = await shopPlan(
    'load-balancer',
    { blue: on(7), green: on(13) },
    { blueImage: 'registry.example.com/shop:2', deregistrationDelay: 60 },
  );
  done = await shopPlan('load-balancer', { blue: off, green: on(1) });
});

describe('a plan at a terminal', () => {
  it('shows each step in a line of 80 columns', () => {
    expect(planText(whole, 79, plain)).toBe(`shop · load-balancer · blue (shop:1.4.0) → green (shop:1.5.0)
  now: blue 100 %, green off (blue only)

  step          blue : green  creates  changes  deletes  bakes  back
  1 green at 0         1 : 0        8  route          –  –      remove green
  2 95/5              19 : 1        –  route          –  5 min  ~1 min
  3 75/25              3 : 1        –  route          –  5 min  ~1 min
  4 50/50              1 : 1        –  route          –  5 min  ~1 min
  5 blue at 0          0 : 1        –  route          –  5 min  ~1 min
  6 green only       off : 1        –  route          8  drain  new release

  At least 29 min; both slots have tasks meanwhile. Nothing is replaced, the
  guard passes every step, and in each of 398 states in between every slot with
  weight has its stable service.
`);
  });

  it('shows for how long CloudFormation watches a step, and not how long that takes', async () => {
    const onLattice = await shopPlan('lattice', { blue: on(3), green: on(1) });
    expect(onLattice.steps[0]).toMatchObject({ bakeMinutes: 10, minutes: 11.5 });
    expect(planText(onLattice, 79, plain)).toMatch(/1 50\/50 .* 10 min {2}~2 min/);
    expect(planMarkdown(onLattice)).toContain('| 10 min |');
  });

  it('shows the number of states where there is room', () => {
    expect(planText(whole, 120, plain)).toContain('deletes  states  bakes');
    expect(planText(whole, 120, plain)).toContain('route          –     171  –      remove green');
  });

  it('leaves columns out where there is none', () => {
    const shown = planText(whole, 40, plain).split('\n').slice(4, 6);
    expect(shown).toEqual(['  step          back', '  1 green at 0  remove green']);
  });

  it.each([10, 20, 33, 50, 79, 100, 120])('keeps within %d columns', (room) => {
    for (const plan of [whole, refused, done]) {
      const lines = planText(plan, room, plain).split('\n');
      expect(lines.filter((line) => line.length > room)).toEqual([]);
    }
  });

  it('says which step must not be deployed, why, and what else it changes', () => {
    const text = planText(refused, 120, plain);
    expect(text).toContain('now: blue 35 %, green 65 % (between 50/50 and blue at 0)');
    expect(text).toContain('✗ 1 blue at 0: the guard refuses it: blueImage: got "registry.example.com/shop:2", expected');
    expect(text).toContain('✗ 1 blue at 0: replaces AWS::ECS::TaskDefinition App/Blue/TaskDefinition; a step must only');
    expect(text).toContain('- 1 blue at 0 also changes AWS::ElasticLoadBalancingV2::TargetGroup App/Green/TargetGroup');
    expect(text).toContain('Not to be deployed like this: 1 blue at 0.');
    expect(text).not.toContain('Nothing is replaced');
  });

  it('paints what is refused red', () => {
    const text = planText(refused, 120, (colour, words) => `<${colour}>${words}</${colour}>`);
    expect(text).toMatch(/<red>1 blue at 0 *<\/red>/);
    expect(text).toContain('<red>✗ 1 blue at 0: the guard');
    expect(text).not.toMatch(/<red>2 green only/);
  });

  it('says that nothing is left', () => {
    expect(planText(done, 79, plain)).toBe(`shop · load-balancer · blue → green (shop:1.5.0)

  Nothing is left to do: green answers everything, and blue is off.
`);
  });
});

describe('a plan for a program', () => {
  it('has each step with what it changes', () => {
    const { steps, ...others } = JSON.parse(planJson(whole));
    expect(others).toEqual({
      stack: 'shop-blue-green',
      plane: 'load-balancer',
      from: 'blue',
      to: 'green',
      ladder: [5, 25, 50, 100],
      reached: { name: 'blue only', exact: true },
      minutes: 28.5,
      nothingToRelease: null,
    });
    expect(steps).toHaveLength(6);
    expect(steps[1]).toEqual({
      name: '95/5',
      description: 'green answers 5 % of the requests',
      flags: { blueActive: true, blueWeight: 19, greenActive: true, greenWeight: 1 },
      created: [],
      changed: ['AWS::ElasticLoadBalancingV2::ListenerRule App/ProductionRule', 'Custom::ReleaseGuard App/Guard'],
      deleted: [],
      replaced: [],
      intermediateStates: 14,
      broken: null,
      guard: [],
      bakeMinutes: 5,
      minutes: 5.2,
      back: '1 deploy of the route, ~1 min: 95/5 → green at 0',
    });
  });

  it('has no steps when nothing is left', () => {
    expect(JSON.parse(planJson(done))).toMatchObject({ steps: [], minutes: 0, reached: { name: 'green only', exact: true } });
  });
});

describe('a plan for a pull request', () => {
  it('has a table, and every resource below it', () => {
    const markdown = planMarkdown(whole);
    expect(markdown).toContain('| 6 green only | off : 1 | – | route | 8 | 171 | drain | a new release, since blue is gone |');
    expect(markdown).toContain('`-c blueActive=true -c blueWeight=19 -c greenActive=true -c greenWeight=1`');
    expect(markdown).toContain('- deleted: AWS::ECS::Service App/Blue/Service/Service');
  });

  it('names what is refused', () => {
    expect(planMarkdown(refused)).toContain('- ❌ 1 blue at 0: the guard refuses it: blueImage');
  });

  it('has no markup from outside', () => {
    const images = { ...whole.images, green: 'shop:<img>' };
    expect(planMarkdown({ ...whole, images })).toContain('green (shop:\\<img\\>)');
  });

  it('says that nothing is left', () => {
    expect(planMarkdown(done)).toBe(`### shop · load-balancer · blue → green (shop:1.5.0)

Nothing is left to do: green answers everything, and blue is off.
`);
  });
});
