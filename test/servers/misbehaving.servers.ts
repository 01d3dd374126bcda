import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { measured, type RehearsalRun, rehearse, testSomethingWasMeasured, wasMeasured } from './rehearsal-run';
import { type Server, server, testWith } from './servers';

const onLoadBalancer = ['-c', 'trafficPlane=load-balancer'];
const cluster = server('cluster.js', 'three processes behind one port');

const failing: readonly { readonly green: Server; readonly words?: readonly string[]; readonly reason: string }[] = [
  {
    green: server('cut.pl', 'hangs up within every tenth answer'),
    reason: 'status 200, the app broke off its answer, or the rules of HTTP',
  },
  {
    green: server('late.go', 'answers after 600 ms, where the client waits for 300'),
    words: ['--timeout', '300'],
    reason: 'no status, the client gave up waiting',
  },
];

describe.each(failing)('green $green.what', ({ green, words = [], reason }) => {
  testWith([cluster, green], 'requests failed at green, and nowhere else; the counts agree', async () => {
    const run = await measured(...onLoadBalancer, '--blue', cluster.command, '--green', green.command, ...words);
    expect(run).toMatchObject({ stderr: '', stillRunning: [], stillThere: [] });
    if (wasMeasured(run)) {
      const { verdict, problems, counts = [] } = run.report;
      expect(verdict).toBe('did not hold');
      expect(run.status).toBe(1);
      expect(problems).toContainEqual(expect.stringContaining(`requests failed at green (${reason})`));
      expect(problems.filter((problem) => !/ requests (?:by the preview header )?failed at green /.test(problem))).toEqual([]);
      expect(counts.filter(({ agree }) => !agree)).toEqual([]);
    }
  });
});

const daemon = server('daemon.pl', 'an app in a session of its own', (run) => `${run} ${cluster.command}`);

testWith([cluster, daemon], 'a crash reaches an app that left its group', async () => {
  const run = await measured(...onLoadBalancer, '--green', daemon.command, '--fault', 'green=crash');
  expect(run).toMatchObject({ stderr: '', stillRunning: [], stillThere: [] });
  if (wasMeasured(run)) {
    expect(run.report).toMatchObject({ verdict: 'held', problems: [], fault: { slot: 'green', bit: true } });
    expect(run.report.fault?.failed).toBeGreaterThan(0);
    expect(run.status).toBe(0);
  }
});

// None of them comes to its first request. They wait for their time to be over, so they do it beside each other.
describe('an app that cannot serve is named, with what it said', () => {
  const taken = createServer();
  let runs: ReadonlyMap<Server, Promise<RehearsalRun>>;

  const flapping = server('flapping_health.py', 'is healthy once, and then answers 500');
  const refused = server('short_keep_alive.js', 'wants a port that is taken', (run) => `PORT=$TAKEN ${run}`);
  const elsewhere: Server = {
    what: 'listens on another port',
    language: 'Python',
    command: "printf 'line %s\\n' 1 2 3 4 5 6 7 8 9 10 11 12; python3 -u -m http.server --bind 127.0.0.1 0",
  };
  const says = new Map([
    [flapping, /slot green: got status 500 from .*\/health /],
    [refused, /slot green: its app ended with 1 before it was healthy; it said:\n(?: {2}.*\n){0,9} {2}.*code: 'EADDRINUSE'/],
    [
      elsewhere,
      /slot green: got no answer from .*\/health, .*; it said:\n(?: {2}line \d+\n){9} {2}Serving HTTP on 127\.0\.0\.1 .*$/,
    ],
  ]);

  beforeAll(async () => {
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    process.env.TAKEN = `${(taken.address() as AddressInfo).port}`;
    runs = new Map([...says.keys()].map((green) => [green, rehearse(...onLoadBalancer, '--green', green.command)]));
  });
  afterAll(async () => {
    await Promise.allSettled(runs.values());
    taken.close();
  });

  for (const [green, sentence] of says) {
    testWith([green], green.what, async () => {
      const run = await runs.get(green);
      expect(run).toMatchObject({ stillRunning: [], stillThere: [], stderr: `${run?.report.problems.join('\n')}\n` });
      // A machine that is too busy may be why there was no answer; the sentence is the same.
      expect(green === elsewhere ? [1, 3] : [1]).toContain(run?.status);
      expect(run?.report.problems.at(-1)).toMatch(sentence);
    });
  }
});

testSomethingWasMeasured();
