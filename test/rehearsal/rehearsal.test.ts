import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EnvoyBinary, findEnvoy } from '../../lib/local/envoy/envoy-binary';
import { envoyConfiguration } from '../../lib/local/envoy/envoy-configuration';
import type { RehearsalPlan } from '../../lib/rehearsal/plan';
import type { RehearsalProgress } from '../../lib/rehearsal/progress';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { requestsOf } from '../../lib/rehearsal/report/step-sums';
import { planeNames } from '../../lib/release/plane-limits';
import { measured } from './measured';
import { onlySteps, planOf } from './short-plan';

let envoy: EnvoyBinary;
const app = (name: string) => `exec node ${join(__dirname, 'apps', name)}`;

beforeAll(async () => {
  envoy = await findEnvoy();
}, 120_000);
jest.setTimeout(300_000);

describe('a release that is as it should be', () => {
  test.each(planeNames)('holds on %s, and loses no request', async (plane) => {
    const plan = planOf('-c', `trafficPlane=${plane}`);
    const report = await measured(plan, { envoy });

    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ plane, verdict: 'held', totals: { failed: 0, retried: 0, envoyVersion: envoy.version } });
    expect(report.steps.map(({ name, weights }) => [name, weights])).toEqual([
      ['blue only', { blue: 1 }],
      ['green at 0', { blue: 1, green: 0 }],
      ['50/50', { blue: 1, green: 1 }],
      ['blue at 0', { blue: 0, green: 1 }],
      ['green only', { green: 1 }],
    ]);
    for (const step of report.steps) {
      expect(step.requests).toBeGreaterThanOrEqual(400);
      expect(sum(Object.values(step.observed))).toBe(step.requests);
      for (const [slot, share] of Object.entries(step.expectedShare).filter(([, each]) => each === 0 || each === 1)) {
        expect(step.observedShare[slot]).toBe(share);
      }
    }
    expect(sum(report.steps.map(requestsOf))).toBe(report.totals.requests);
    expect(report.steps.slice(1).every(({ settleMs }) => settleMs !== null)).toBe(true);
  });

  test.each(['load-balancer', 'lattice'])('the preview header reaches every slot of %s, whatever its weight', async (plane) => {
    const plan = onlySteps(planOf('-c', `trafficPlane=${plane}`), 'green at 0', 'blue at 0');
    const report = await measured(plan, { envoy });
    expect(report.steps.map(({ preview }) => preview)).toEqual([
      { requests: 40, failed: 0, reached: { blue: 20, green: 20 } },
      { requests: 40, failed: 0, reached: { blue: 20, green: 20 } },
    ]);
    expect(report.verdict).toBe('held');
  });

  test.each(['load-balancer', 'lattice'])('asks for the name of the service on %s, under its path', async (plane) => {
    const named = ['domainName=shop.example.com', 'hostedZone=Z0123456789ABCDEFGHIJ', 'pathPrefix=/shop'];
    const plan = planOf(...[`trafficPlane=${plane}`, ...named].flatMap((flag) => ['-c', flag]));
    const report = await measured(onlySteps(plan, '50/50'), { envoy });
    expect(report.problems).toEqual([]);
    expect(report.steps[0]?.preview).toEqual({ requests: 40, failed: 0, reached: { blue: 20, green: 20 } });
  });

  test('who asks a load balancer for another name is not answered by a slot', async () => {
    const flags = ['trafficPlane=load-balancer', 'domainName=shop.example.com', 'hostedZone=Z0123456789ABCDEFGHIJ'];
    const plan = onlySteps(planOf(...flags.flatMap((flag) => ['-c', flag])), '50/50');
    const steps = plan.steps.map((step) => ({ ...step, model: { ...step.model, host: 'cart.example.com' } }));
    const report = await measured({ ...plan, steps }, { envoy });
    expect(report.verdict).toBe('did not hold');
    expect(report.totals.failed).toBe(report.totals.requests);
  });

  test('tells requests from health checks on the same path', async () => {
    const report = await measured(onlySteps(planOf('-c', 'healthcheckPath=/'), '50/50'), { envoy });
    expect(report.problems).toEqual([]);
  });

  test('goes back in one jump, from any share', async () => {
    const report = await measured(planOf('--ladder', '10,20,30,40', '--rollback-at', '4'), { envoy });
    expect(report.problems).toEqual([]);
    expect(report.steps.slice(4).map(({ name, weights }) => [name, weights])).toEqual([
      ['70/30', { blue: 7, green: 3 }],
      ['back to green at 0', { blue: 1, green: 0 }],
      ['back to blue only', { blue: 1 }],
    ]);
  });

  test('the previews are the requests of the rehearsal, and of nobody else', async () => {
    const report = await measured(onlySteps(planOf('-c', 'trafficPlane=load-balancer'), 'green at 0'), { envoy });
    expect(report.steps[0]?.preview?.reached).toEqual({ blue: 20, green: 20 });
    expect(sum(report.timeline.ok.green ?? [])).toBe(0);
    expect(sum(report.timeline.ok.blue ?? [])).toBe(report.totals.requests);
    expect(sum(report.steps.map(requestsOf))).toBe(report.totals.requests);
  });

  test('requests of somebody else are in no count', async () => {
    const answers: Promise<unknown>[] = [];
    const foreign = ({ port, sent }: RehearsalProgress) => {
      if (port !== undefined && sent > 100 && answers.length < 3) {
        answers.push(fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then((answer) => answer.text()));
      }
    };
    const report = await measured(onlySteps(planOf(), '50/50', 'blue at 0'), { envoy, onProgress: foreign });
    await Promise.all(answers);
    expect(report.problems).toEqual([]);
    expect(report.remarks).toEqual(['3 requests came from somebody else; they are in no number here']);
  });

  test('a request of somebody else that does not end holds nothing up, and changes no count', async () => {
    const stop = new AbortController();
    let stream: Promise<unknown> | undefined;
    const onProgress = ({ port, sent }: RehearsalProgress) => {
      if (port !== undefined && sent > 100) {
        stream ??= fetch(`http://127.0.0.1:${port}/stream`, { signal: stop.signal });
      }
    };
    const own = app('versatile.js');
    const report = await measured(onlySteps(planOf('--blue', own, '--green', own), '50/50'), { envoy, onProgress });
    await stream;
    stop.abort();
    expect(report.problems).toEqual([]);
  });

  test.each([
    ['a redirect is an answer', 'redirecting.js'],
    ['an answer without content is an answer', 'silent.js'],
  ])('%s, for users and previews', async (_, file) => {
    const plan = planOf('-c', 'trafficPlane=load-balancer', '--green', app(file));
    const report = await measured(onlySteps(plan, 'green at 0', '50/50'), { envoy });
    expect(report.problems).toEqual([]);
    expect(report.steps.map(({ preview }) => preview)).toEqual([
      { requests: 40, failed: 0, reached: { blue: 20, green: 20 } },
      { requests: 40, failed: 0, reached: { blue: 20, green: 20 } },
    ]);
  });

  test('runs the other way round, under other labels, with commands of the user', async () => {
    const plan = planOf('--to', 'blue', '-c', 'blueName=red', '-c', 'healthcheckPath=/alive', '--blue', app('plain.js'));
    const report = await measured(plan, { envoy });
    expect(report.problems).toEqual([]);
    expect(report.steps.map(({ weights }) => weights)[1]).toEqual({ green: 1, red: 0 });
    expect(report.slots).toEqual([
      { slot: 'red', app: app('plain.js'), counts: false },
      { slot: 'green', app: 'demo app', counts: true },
    ]);
    expect(report.notShown.at(-1)).toContain('the app of red is your own command');
  });
});

describe('what is broken on purpose', () => {
  const both = () => onlySteps(planOf(), 'green at 0', '50/50');
  const broken: readonly {
    what: string;
    plan: () => RehearsalPlan;
    configure?: typeof envoyConfiguration;
    problem: RegExp;
  }[] = [
    {
      what: 'a wrong weight in the route file',
      plan: both,
      configure: withWeights(
        (weight) => (weight === 0 ? 0 : weight === 1 ? 7 : weight),
        ({ slot }) => slot === 0,
      ),
      problem: /^50\/50: got \d+ of \d+ requests at blue \(\d+(\.\d)? %\), expected 50 %, as far off as/m,
    },
    {
      what: 'a slot that should get nothing and gets some',
      plan: both,
      configure: withWeights(
        (weight) => (weight === 0 ? 5 : 95),
        () => true,
      ),
      problem: /^green at 0: got \d+ of \d+ requests at green \(.* %\), expected 0 % exactly/m,
    },
    {
      what: 'answers that break off',
      plan: () => ({ ...both(), ...apps(planOf('--green', app('dropping.js'))) }),
      problem:
        /^50\/50: \d+ requests failed at green \(status 200, the app broke off its answer, or the rules of HTTP\), expected none$/m,
    },
    {
      what: 'a slot that answers as the other',
      plan: () => ({ ...both(), ...apps(planOf('--green', app('impostor.js'))) }),
      problem: /^50\/50: got \d+ answers in which the app of green calls itself blue/m,
    },
    {
      what: 'an app that answers with errors',
      plan: () => ({ ...both(), ...apps(planOf('--green', app('plain.js'), '--path', '/wrong')), path: '/wrong' }),
      problem: /^50\/50: \d+ requests failed at green \(status 404\), expected none/m,
    },
    {
      what: 'an app that ends by itself',
      plan: () => ({ ...onlySteps(planOf(), '50/50'), ...apps(planOf('--green', app('leaving.js'))) }),
      problem: /^slot green: its app ended with 7; it said: I am off/m,
    },
    {
      what: 'a route that Envoy does not follow',
      plan: both,
      configure: (model, ports, version) => {
        const configuration = envoyConfiguration(model, ports, version);
        const json = JSON.stringify(configuration.routes).replace(`"value":"${version}"`, '"value":"another version"');
        return { ...configuration, routes: JSON.parse(json) };
      },
      problem: /^50\/50: got \d+ requests routed by "another version", expected "step 1"/m,
    },
  ];

  test.each(broken)('$what: the run does not hold, and says why', async ({ plan, configure, problem }) => {
    const report = await measured(plan(), { envoy, configure });
    expect(report.verdict).toBe('did not hold');
    expect(report.problems.join('\n')).toMatch(problem);
  });

  test('a configuration that Envoy refuses: the run stops before anything starts', async () => {
    await expect(
      rehearse(both(), {
        envoy,
        configure: withWeights(
          () => 0,
          () => true,
        ),
      }),
    ).rejects.toThrow(/^step green at 0: Envoy refused the configuration: .*weight/);
  });

  test('an Envoy that dies: the run stops and says so', async () => {
    const kill = () => {
      for (const line of children().filter((each) => each.includes('bootstrap.json'))) {
        process.kill(Number(line.trim().split(/\s+/)[1]), 'SIGKILL');
      }
    };
    const onProgress = ({ activity, sent }: { activity: string; sent: number }) => activity === 'holding' && sent > 100 && kill();
    await expect(measured(onlySteps(planOf(), '50/50'), { envoy, onProgress })).rejects.toThrow(/^envoy: ended with SIGKILL$/);
  });

  test('a change that Envoy refuses while it runs: the run stops and says so', async () => {
    const configure: typeof envoyConfiguration = (model, ports, version) => {
      const configuration = envoyConfiguration(model, ports, version);
      const typo = { ...configuration.routes, virtual_host: [] };
      return { ...configuration, routes: version === 'step 1' ? typo : configuration.routes };
    };
    await expect(measured(both(), { envoy, configure })).rejects.toThrow(
      /^step 1: Envoy refused the configuration and kept the one before/,
    );
  });

  test.each([
    [
      'a command that is not there',
      'exec no-such-command',
      /^slot green: its app ended with 127 before it was healthy; it said: .*not found/,
    ],
    [
      'an app that ends at once',
      'echo no luck; exit 3',
      /^slot green: its app ended with 3 before it was healthy; it said: no luck/,
    ],
  ])('%s: the run stops and says so', async (_, command, message) => {
    await expect(measured(planOf('--green', command), { envoy })).rejects.toThrow(message);
  });
});

describe('faults', () => {
  test.each([
    { fault: 'error', plane: 'app-mesh', hidden: true },
    { fault: 'error', plane: 'load-balancer', hidden: false },
    { fault: 'crash', plane: 'app-mesh', hidden: false },
    { fault: 'refuse', plane: 'lattice', hidden: false },
    { fault: 'slow', plane: 'app-mesh', hidden: false },
  ])('$fault on $plane: users see it, and going back ends it', async ({ fault, plane, hidden }) => {
    const plan = planOf('-c', `trafficPlane=${plane}`, '--fault', `green=${fault}`, '--timeout', '1000');
    const report = await measured(plan, { envoy });
    expect(report.problems).toEqual([]);
    expect(report.fault).toMatchObject({ slot: 'green', name: fault, step: '50/50' });
    expect(report.totals.failed).toBeGreaterThan(0);
    expect(report.fault?.failed).toBe(report.totals.failed);
    expect(report.fault?.hiddenByRetries).toEqual(hidden ? expect.any(Number) : 0);
    expect((report.fault?.hiddenByRetries ?? 0) > report.totals.failed).toBe(hidden);
    // The time of the jump: neither the requests of the steps behind it nor the previews of a broken slot are in it.
    expect(report.fault).toMatchObject({ bit: true, wayOut: 'back' });
    const { hold = 0, routesMoved } = report.steps[3]?.at ?? {};
    expect(report.fault?.recoveryMs).toBeLessThanOrEqual(hold - (routesMoved ?? 0));
    expect(report.steps.slice(3)).toMatchObject([
      { name: 'back to green at 0', failed: 0 },
      { name: 'back to blue only', failed: 0 },
    ]);
    expect(report.steps[3]?.preview?.reached ?? { blue: 20 }).toEqual({ blue: 20 });
    expect(report.steps.flatMap(({ failures }) => failures).every(({ slot }) => slot === 'green')).toBe(true);
  });

  test('where the old version fails, the release goes on to the new one', async () => {
    const report = await measured(planOf('--fault', 'blue=crash@2'), { envoy });
    expect(report.problems).toEqual([]);
    expect(report.fault).toMatchObject({ slot: 'blue', bit: true, wayOut: 'on', recoveryMs: expect.any(Number) });
    expect(report.steps.slice(3)).toMatchObject([
      { name: 'on to blue at 0', failed: 0 },
      { name: 'on to green only', failed: 0 },
    ]);
  });

  test('where the healthy slot has ended already, it is started, and nobody looks at the time in between', async () => {
    const report = await measured(planOf('--fault', 'green=crash@4'), { envoy });
    expect(report.problems).toEqual([]);
    const [start, jump] = report.steps.slice(5);
    expect(start?.name).toBe('back to blue at 0');
    expect(start?.requests).toBeLessThan(400);
    expect(jump?.name).toBe('back to green at 0');
    expect(report.fault?.leftAtMs).toBe(start?.at.begin);
    expect(report.fault?.recoveryMs).toBeGreaterThan(0);
  });

  test('what failed before the fault is not its work', async () => {
    const plan = planOf('--green', `MODE=fail ${app('versatile.js')}`, '--fault', 'green=crash');
    const report = await measured(plan, { envoy });
    expect(report.problems.join('\n')).toMatch(/^50\/50: \d+ requests failed at green \(status 500\), expected none$/m);
    const before = sum(report.steps.flatMap(({ failures }) => failures.filter(({ meant }) => !meant)).map(({ count }) => count));
    expect(before).toBeGreaterThan(0);
    expect(report.fault?.failed).toBe(report.totals.failed - before);
  });

  test('an app that ends before the fault did not end by it', async () => {
    const report = await measured(planOf('--green', app('leaving.js'), '--fault', 'green=crash'), { envoy });
    expect(report.problems.join('\n')).toMatch(/^slot green: its app ended with 7; it said: I am off$/m);
  });

  test('a fault that no request noticed has shown nothing', async () => {
    const configure = withWeights(
      (weight) => (weight === 1 ? 0 : weight),
      ({ slot }) => slot === 1,
    );
    const plan = planOf('-c', 'trafficPlane=load-balancer', '--fault', 'green=error', '--ladder', '50');
    const report = await measured(plan, { envoy, configure });
    expect(report.fault).toMatchObject({ bit: false, failed: 0 });
    expect(report.problems).toContain('fault: green answers half of the requests, by chance, with 503: no request noticed it');
  });

  test('failures that go on are not called ended', async () => {
    const plan = planOf('--fault', 'green=error', '-c', 'trafficPlane=load-balancer');
    // The way out does not lead away from the broken slot.
    const steps = plan.steps.map((step, index) => (index === 3 ? { ...step, model: plan.steps[2]?.model ?? step.model } : step));
    const report = await measured({ ...plan, steps: steps.slice(0, 4) }, { envoy });
    expect(report.fault?.recoveryMs).toBeNull();
    expect(report.problems.join('\n')).toMatch(
      /^back to green at 0: \d+ requests still failed after going back, expected none$/m,
    );
  });
});

describe('a machine that is too busy', () => {
  test('answers that come too late while this process stood still are blamed on nobody', async () => {
    // So that there are always some that wait for their answer.
    const own = `MODE=wait ${app('versatile.js')}`;
    const plan = { ...onlySteps(planOf('--blue', own, '--green', own), '50/50'), timeoutMs: 400 };
    const report = await rehearse(plan, { envoy, onProgress: standStillOnce(900) });
    expect(report.problems).toEqual([]);
    expect(report.steps[0]?.machine.lateMs).toBeGreaterThan(500);
    expect(report.verdict).toBe('not measured');
    expect(report.unmeasured.join('\n')).toMatch(
      /^50\/50: \d+ requests had no answer in time, while (.*, and )?the client came up to \d+/,
    );
  });

  test('a slot that answers nobody while another one answers everybody is to blame all the same', async () => {
    const plan = onlySteps(planOf('--green', `MODE=hang ${app('versatile.js')}`), '50/50');
    // The last answers are waited for: this process stands still before they could come too late.
    const report = await rehearse({ ...plan, timeoutMs: 3000 }, { envoy, onProgress: standStillOnce(600) });
    expect(report.verdict).toBe('did not hold');
    expect(report.problems.join('\n')).toMatch(
      /^50\/50: \d+ requests failed at green \(no status, the client gave up waiting\)/m,
    );
  });

  test('requests that cannot be sent are told, and blamed on nobody', async () => {
    const report = await rehearse({ ...onlySteps(planOf(), '50/50'), rate: 100_000, requestsPerStep: 20_000 }, { envoy });
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe('not measured');
    expect(report.unmeasured.join('\n')).toMatch(
      /^50\/50: \d+ requests could not be sent at the rate of 100000 per second, with 4096 still under way/m,
    );
  });
});

test('an app that ends while it waits without requests is noticed, although it is stopped later', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pid-')), 'pid');
  const plan = planOf('--blue', `PID_FILE=${file} ${app('versatile.js')}`);
  let killed = false;
  const onProgress = ({ activity, step, sent }: RehearsalProgress) => {
    if (!killed && activity === 'holding' && plan.steps[step]?.name === 'blue at 0' && sent > 100) {
      killed = true;
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    }
  };
  const report = await measured(plan, { envoy, onProgress });
  rmSync(dirname(file), { recursive: true });
  expect(report.totals.failed).toBe(0);
  expect(report.problems).toEqual(['slot blue: its app ended with SIGKILL']);
});

test('what the client gives up in the moment of its answer is no disagreement', async () => {
  const plan = { ...onlySteps(planOf('--green', app('hesitant.js')), '50/50'), timeoutMs: 100, rate: 200 };
  const report = await rehearse(plan, { envoy });
  expect(report.totals.failed).toBeGreaterThan(0);
  expect(report.counts.filter(({ agree }) => !agree)).toEqual([]);
  expect(report.verdict).not.toBe('held');
});

test('nothing is left running, whether it holds, fails or is ended', async () => {
  const before = children();
  const stop = new AbortController();
  await expect(
    rehearse(planOf(), {
      envoy,
      signal: stop.signal,
      onProgress: ({ activity, sent }) => {
        if (activity === 'holding' && sent > 100) {
          stop.abort();
        }
      },
    }),
  ).rejects.toThrow(/abort/i);
  expect(children()).toEqual(before);
});

// The processes that this one started, by their command.
function children(): string[] {
  const all = execFileSync('ps', ['-e', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => new RegExp(`^\\s*${process.pid}\\s`).test(line) && /envoy|demo-app/.test(line));
}

function apps({ apps: list }: RehearsalPlan): Pick<RehearsalPlan, 'apps'> {
  return { apps: list };
}

// Configures Envoy with other weights than the template has, from the second step on or everywhere.
function withWeights(
  change: (weight: number) => number,
  where: (target: { slot: number }) => boolean,
): typeof envoyConfiguration {
  return (model, ports, version) =>
    envoyConfiguration(
      {
        ...model,
        routes: model.routes.map((route) => ({
          ...route,
          targets: route.targets.map((target, slot) => (where({ slot }) ? { ...target, weight: change(target.weight) } : target)),
        })),
      },
      ports,
      version,
    );
}

// In the middle of a step, this process does nothing else for a while.
function standStillOnce(milliseconds: number): (progress: RehearsalProgress) => void {
  let stood = false;
  return ({ activity, sent }) => {
    if (activity === 'holding' && sent > 100 && !stood) {
      stood = true;
      // Not within a timer: after one, answers that have arrived would be read before it is looked who came too late.
      setImmediate(() => {
        const until = performance.now() + milliseconds;
        while (performance.now() < until);
      });
    }
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
