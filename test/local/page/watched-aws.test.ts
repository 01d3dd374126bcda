import type { AlarmState, DeployedResource } from '../../../lib/local/emulator/follower';
import type { OpenSplit } from '../../../lib/local/envoy/open-way-in';
import type { PageMessage, StackView } from '../../../lib/local/page/view';
import { WatchedAws } from '../../../lib/local/page/watched-aws';
import {
  alarm,
  openWayIn,
  request,
  serviceState,
  showRelease,
  showSecond,
  slotResources,
  stackEvent,
  targetOf,
  task,
  wayInOf,
} from './shown-release';

// A whole second, so that nothing falls into another one.
const now = Math.floor(Date.now() / 1000) * 1000;
let watched: WatchedAws;

beforeEach(() => {
  jest.useFakeTimers({ now, doNotFake: ['performance', 'setImmediate'] });
  watched = new WatchedAws();
});
afterEach(() => {
  jest.useRealTimers();
});

const whole = (): PageMessage => watched.since(undefined, Date.now()).message;
const stackNamed = (name: string): StackView | undefined => whole().stacks?.find((each) => each.name === name);
const seriesOf = (message: PageMessage, target: string) => message.traffic?.find((each) => each.target === target);

test('of an AWS in which nothing is, nothing is told', () => {
  expect(whole()).toEqual({ now, isWhole: true, stacks: [], otherAlarms: [] });
});

test('a release is told with stack, way in, slots, tasks and alarms', () => {
  showRelease(watched);
  const stack = stackNamed('shop');
  expect(stack).toMatchObject({
    status: 'UPDATE_IN_PROGRESS',
    phase: 'deploying',
    since: now - 64_000,
    reason: 'User Initiated',
  });
  expect(stack?.waysIn).toMatchObject([
    {
      id: wayInOf('shop'),
      name: 'load balancer LoadBalancer',
      address: '127.0.0.1:40123',
      plane: 'load-balancer',
      targets: [
        { label: 'blue', colour: 0 },
        { label: 'green', colour: 1 },
      ],
      splits: [{ title: 'ListenerRule', weights: [{ since: now - 70_000 }, { since: now - 60_000 }] }],
    },
  ]);
  expect(stack?.services.map(({ slot, colour, running, desired, rollout }) => [slot, colour, running, desired, rollout])).toEqual(
    [
      ['blue', 0, 2, 2, 'COMPLETED'],
      ['green', 1, 2, 2, 'COMPLETED'],
    ],
  );
  expect(stack?.services[1]?.tasks).toEqual([
    { id: 'a1a2a3a4c5d6', status: 'RUNNING', health: 'HEALTHY', image: 'example/shop:1.5.0', since: now - 95_000, reason: '' },
    { id: 'a5a6a7a8c9d0', status: 'RUNNING', health: 'UNHEALTHY', image: 'example/shop:1.5.0', since: now - 95_000, reason: '' },
    {
      id: 'c1c2c3c4c5d6',
      status: 'STOPPED',
      health: 'UNKNOWN',
      image: 'example/shop:1.5.0',
      since: now - 20_000,
      reason: 'Essential container in task exited, exit code 1',
    },
  ]);
  expect(stack?.alarms.map(({ title, state }) => [title, state])).toEqual([
    ['BlueGreenGreenErrorAlarm', 'ALARM'],
    ['ServiceAlarm', 'OK'],
  ]);
});

test('who is told once is told only what is new', () => {
  showRelease(watched);
  const first = watched.since(undefined, now + 100);
  expect(Object.keys(watched.since(first.known, now + 200).message)).toEqual(['now']);

  watched.onStackEvent(stackEvent('shop', { id: '2', status: 'UPDATE_COMPLETE' }));
  const second = watched.since(first.known, now + 300);
  expect(second.message.events?.map(({ id }) => id)).toEqual(['2']);
  expect(second.message.stacks?.[0]?.phase).toBe('deployed');
  expect(second.message.news).toEqual(['shop is deployed.']);
  expect(second.message.isWhole).toBeUndefined();
  expect(second.message.traffic).toBeUndefined();

  watched.onRequest(request('shop', now + 350, 'green'));
  const third = watched.since(second.known, now + 400);
  expect(Object.keys(third.message)).toEqual(['now', 'traffic']);
  expect(seriesOf(third.message, targetOf('green'))?.seconds).toEqual([[now / 1000, 1, 0, 0]]);
});

test.each([
  { name: 'an answer', slot: 'green', overrides: { status: 200 }, counts: [1, 0, 0] },
  { name: 'a 404', slot: 'green', overrides: { status: 404 }, counts: [1, 0, 0] },
  { name: 'an error of the task', slot: 'green', overrides: { status: 500 }, counts: [0, 1, 0] },
  { name: 'an error of Envoy', slot: 'green', overrides: { status: 503, flags: ['UF'] }, counts: [0, 0, 1] },
  { name: 'a client that went away', slot: 'green', overrides: { status: 0, flags: ['DC'] }, counts: [0, 0, 1] },
  { name: 'an answer of the rules', slot: undefined, overrides: { status: 404, flags: ['NR'] }, counts: [1, 0, 0] },
  { name: 'no slot at all', slot: undefined, overrides: { status: 503, flags: ['NR'] }, counts: [0, 0, 1] },
])('$name is counted in the second in which it was over', ({ slot, overrides, counts }) => {
  watched.onRequest(request('shop', now + 20, slot, { durationMs: 1500, ...overrides }));
  expect(seriesOf(whole(), slot ? targetOf(slot) : '')?.seconds).toEqual([[now / 1000, ...counts]]);
});

test('what is told late is counted, what is older than two minutes is not', () => {
  for (const ago of [0, 1000, 119_000, 130_000]) {
    watched.onRequest(request('shop', now - ago, 'green'));
  }
  expect(
    seriesOf(whole(), targetOf('green'))
      ?.seconds.map(([second]) => second - now / 1000)
      .sort((a, b) => a - b),
  ).toEqual([-119, -1, 0]);
});

test('latencies are those of the last ten seconds, to a few percent', () => {
  for (let each = 1; each <= 1000; each += 1) {
    watched.onRequest(request('shop', now, 'green', { durationMs: each }));
  }
  const { p50, p95 } = seriesOf(whole(), targetOf('green')) ?? {};
  expect(Math.abs((p50 ?? 0) / 500 - 1)).toBeLessThan(0.05);
  expect(Math.abs((p95 ?? 0) / 950 - 1)).toBeLessThan(0.05);
  const { known } = watched.since(undefined, now);
  expect(seriesOf(watched.since(known, now + 12_000).message, targetOf('green'))).toMatchObject({
    p50: null,
    p95: null,
    seconds: [],
  });
});

test('two minutes after the last request nothing of it is left', () => {
  showRelease(watched);
  expect(whole().traffic).toHaveLength(2);
  expect(watched.since(undefined, now + 130_000).message.traffic).toBeUndefined();
});

test('ten minutes of load take as much memory as two', () => {
  showRelease(watched);
  const size = () => JSON.stringify(whole()).length;
  for (let second = 1; second <= 120; second += 1) {
    jest.setSystemTime(now + second * 1000);
    showSecond(watched, 'shop', now + second * 1000, 25);
  }
  const before = size();
  for (let second = 121; second <= 600; second += 1) {
    jest.setSystemTime(now + second * 1000);
    showSecond(watched, 'shop', now + second * 1000, 25);
    watched.onStackEvent(
      stackEvent('shop', { id: `${second}`, logicalId: 'Rule', status: 'UPDATE_COMPLETE', resourceType: 'T' }),
    );
    watched.onWaysIn([openWayIn('shop', 100, second)]);
  }
  const message = whole();
  expect(message.events).toHaveLength(200);
  expect(message.events?.at(-1)?.id).toBe('600');
  expect(Math.max(...(message.traffic?.map(({ seconds }) => seconds.length) ?? []))).toBeLessThanOrEqual(126);
  expect(message.stacks?.[0]?.waysIn[0]?.splits[0]?.weights.length).toBeLessThanOrEqual(60);
  const ofEvents = JSON.stringify(message.events).length;
  expect(size() - ofEvents).toBeLessThan(before + 15_000);
});

test('no more ways in are counted than anybody looks at', () => {
  for (let each = 0; each < 1000; each += 1) {
    watched.onRequest(request('shop', now, 'green', { wayIn: `way in ${each}` }));
  }
  expect(whole().traffic).toHaveLength(200);
});

test('a request takes a few millionths of a second', () => {
  const each = request('shop', now, 'green');
  const begin = performance.now();
  for (let count = 0; count < 100_000; count += 1) {
    watched.onRequest(each);
  }
  // At 2,000 per second this is a twentieth of a core at most, on a machine that is busy too.
  expect((performance.now() - begin) / 100_000).toBeLessThan(0.025);
});

test.each([
  { status: 'CREATE_IN_PROGRESS', phase: 'deploying' },
  { status: 'REVIEW_IN_PROGRESS', phase: 'being reviewed' },
  { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', phase: 'cleaning up' },
  { status: 'UPDATE_COMPLETE', phase: 'deployed' },
  { status: 'UPDATE_ROLLBACK_IN_PROGRESS', phase: 'rolling back' },
  { status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', phase: 'rolling back' },
  { status: 'UPDATE_ROLLBACK_COMPLETE', phase: 'rolled back' },
  { status: 'ROLLBACK_COMPLETE', phase: 'rolled back' },
  { status: 'UPDATE_ROLLBACK_FAILED', phase: 'failed' },
  { status: 'DELETE_IN_PROGRESS', phase: 'deleting' },
  { status: 'DELETE_FAILED', phase: 'failed' },
])('$status is shown as $phase', ({ status, phase }) => {
  watched.onStackEvent(stackEvent('shop', { status }));
  expect(stackNamed('shop')).toMatchObject({ status, phase });
});

const guard = { logicalId: 'Guard0A1B2C3D', resourceType: 'Custom::ReleaseGuard' };

test('what the guard refuses stays until the next deploy begins', () => {
  const refused = 'greenActive: got false, expected true, since green answers requests';
  watched.onStackEvent(stackEvent('shop'));
  const { known } = watched.since(undefined, now);
  watched.onStackEvent(stackEvent('shop', { ...guard, status: 'UPDATE_FAILED', reason: `release guard: ${refused}` }));
  watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'The following …' }));
  watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_COMPLETE' }));
  expect(stackNamed('shop')).toMatchObject({
    phase: 'rolled back',
    reason: 'The following …',
    refusals: [{ at: now, reason: refused }],
  });
  expect(watched.since(known, now).message.news).toEqual([
    `The guard has refused the deploy of shop: ${refused}`,
    'shop goes back to what it was: The following …',
    'shop is what it was before.',
  ]);
  watched.onStackEvent(stackEvent('shop'));
  expect(stackNamed('shop')).toMatchObject({ phase: 'deploying', reason: '', refusals: [] });
});

test.each([
  { name: 'a guard that was cancelled', event: { ...guard, status: 'UPDATE_FAILED', reason: 'Resource update cancelled' } },
  { name: 'a guard that let it through', event: { ...guard, status: 'UPDATE_COMPLETE' } },
  { name: 'another resource that failed', event: { resourceType: 'Custom::Other', logicalId: 'Other', status: 'UPDATE_FAILED' } },
])('$name has refused nothing', ({ event }) => {
  watched.onStackEvent(stackEvent('shop'));
  watched.onStackEvent(stackEvent('shop', event));
  expect(stackNamed('shop')?.refusals).toEqual([]);
});

test('of alarms, going off and coming back is news', () => {
  const { description } = alarm('shop');
  let { known } = watched.since(undefined, now);
  const newsOf = (state: AlarmState['state']) => {
    watched.onAlarm(alarm('shop', { state }));
    const next = watched.since(known, now);
    known = next.known;
    return next.message.news;
  };
  expect(newsOf('INSUFFICIENT_DATA')).toBeUndefined();
  expect(newsOf('OK')).toBeUndefined();
  expect(newsOf('ALARM')).toEqual([`An alarm of shop has gone off: ${description}`]);
  expect(newsOf('ALARM')).toBeUndefined();
  expect(newsOf('OK')).toEqual([`An alarm of shop is back at OK: ${description}`]);
  expect(newsOf('DELETED')).toBeUndefined();
  expect(stackNamed('shop')).toBeUndefined();
});

test('an alarm of no stack stands by itself', () => {
  const { stack: _, logicalId: __, ...rest } = alarm('shop');
  const { known } = watched.since(undefined, now);
  watched.onAlarm({ ...rest, state: 'ALARM' });
  expect(watched.since(known, now).message.news).toEqual([`An alarm has gone off: ${rest.description}`]);
  expect(whole().otherAlarms).toMatchObject([{ title: rest.name }]);
  expect(whole().stacks).toEqual([]);
});

test('a service is shown from the moment at which its first task starts until the last one is gone', () => {
  const [taskDefinition, service] = slotResources('shop', 'green', '1.5.0');
  if (taskDefinition === undefined || service === undefined) {
    throw new Error('expected two resources');
  }
  watched.onChange({ verb: 'create', resource: taskDefinition });
  watched.onChange({ verb: 'create', resource: service });
  watched.onService(serviceState('shop', 'green', '1.5.0', [task('a', { lastStatus: 'PENDING', createdAt: now - 500 })]));
  expect(stackNamed('shop')?.services).toMatchObject([
    { slot: 'green', running: 0, desired: 2, rollout: 'IN_PROGRESS', tasks: [{ status: 'PENDING', since: now - 500 }] },
  ]);
  watched.onChange({ verb: 'delete', resource: service });
  expect(stackNamed('shop')?.services).toHaveLength(1);
  watched.onChanged({ verb: 'delete', resource: service });
  expect(stackNamed('shop')).toBeUndefined();
});

const [greenTaskDefinition, greenService] = slotResources('shop', 'green', '1.5.0') as [DeployedResource, DeployedResource];
const ofGreen = { logicalId: greenService.logicalId, resourceType: greenService.type };

// An answer of the follower says nothing of one that could not be made: no other change comes.
test.each([
  { failed: 'CREATE_FAILED', status: 'ROLLBACK_COMPLETE', left: 0 },
  { failed: 'UPDATE_FAILED', status: 'UPDATE_ROLLBACK_COMPLETE', left: 0 },
  { failed: 'CREATE_FAILED', status: 'UPDATE_ROLLBACK_COMPLETE', left: 0 },
  { failed: 'UPDATE_FAILED', status: 'UPDATE_FAILED', left: 0 },
  { failed: 'UPDATE_FAILED', status: 'UPDATE_ROLLBACK_IN_PROGRESS', left: 1 },
  { failed: 'UPDATE_FAILED', status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', left: 1 },
])('a service that could not be made is shown until its stack is at rest: $failed, $status', ({ failed, status, left }) => {
  watched.onChange({ verb: 'create', resource: greenTaskDefinition });
  watched.onChanged({ verb: 'create', resource: greenTaskDefinition });
  watched.onStackEvent(stackEvent('shop', { ...ofGreen, status: failed.replace('FAILED', 'IN_PROGRESS') }));
  watched.onChange({ verb: 'create', resource: greenService });
  watched.onService(serviceState('shop', 'green', '1.5.0', [task('a')]));
  watched.onStackEvent(
    stackEvent('shop', { ...ofGreen, status: failed, reason: 'the circuit breaker has ended the deployment' }),
  );
  watched.onStackEvent(stackEvent('shop', { status }));
  expect(stackNamed('shop')?.services).toHaveLength(left);
});

test('what is told late of a service that is gone is not kept for the next one of its name', () => {
  watched.onChange({ verb: 'create', resource: greenService });
  watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_COMPLETE' }));
  watched.onService(serviceState('shop', 'green', '1.5.0', [task('a', { lastStatus: 'STOPPED' })]));
  watched.onChange({ verb: 'create', resource: greenService });
  expect(stackNamed('shop')?.services[0]?.tasks).toEqual([]);
});

test('a service of which only an update has failed stays', () => {
  watched.onChange({ verb: 'create', resource: greenService });
  watched.onChanged({ verb: 'create', resource: greenService });
  watched.onChange({ verb: 'update', resource: greenService });
  watched.onStackEvent(stackEvent('shop', { ...ofGreen, status: 'UPDATE_FAILED' }));
  watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_COMPLETE' }));
  expect(stackNamed('shop')?.services).toHaveLength(1);
});

test('a slot that is gone is shown as it was for two minutes', () => {
  showRelease(watched);
  const { targets, splits, ...wayIn } = openWayIn('shop', 0, 1);
  const justGreen = {
    ...wayIn,
    targets: targets.slice(1),
    splits: splits.map((split) => ({ ...split, targets: split.targets.slice(1) })),
  };
  watched.onWaysIn([justGreen]);
  for (const verb of ['onChange', 'onChanged'] as const) {
    for (const resource of slotResources('shop', 'blue', '1.4.0')) {
      watched[verb]({ verb: 'delete', resource });
    }
  }
  const { known, message } = watched.since(undefined, now + 119_000);
  const [shown] = message.stacks?.[0]?.waysIn ?? [];
  expect(shown?.targets).toEqual([
    { name: targetOf('green'), label: 'green', colour: 1 },
    { name: targetOf('blue'), label: 'blue', colour: 0 },
  ]);
  expect(shown?.splits).toMatchObject([{ targets: [{ target: targetOf('green') }], gone: [targetOf('blue')] }]);
  // Nothing but time has to pass.
  const [later] = watched.since(known, now + 121_000).message.stacks?.[0]?.waysIn ?? [];
  expect(later?.targets.map(({ label }) => label)).toEqual(['green']);
  expect(later?.splits).toMatchObject([{ gone: [], weights: [{ since: now }] }]);
});

test('a request counts in the split by whose route it came', () => {
  const { splits, ...wayIn } = openWayIn('shop', 1, 1);
  const [{ name: first, targets }] = splits as [OpenSplit];
  const other = { name: 'Other', targets: targets.map((each) => ({ ...each, weight: 3 - each.weight })) };
  watched.onWaysIn([{ ...wayIn, splits: [...splits, { name: 'OtherHost', targets }, other] }]);
  for (const route of [first, 'OtherHost', 'Other', 'Preview', undefined]) {
    watched.onRequest(request('shop', now, 'green', { route }));
  }
  watched.onRequest(request('shop', now, undefined, { route: first }));
  const counted = whole().traffic?.map(({ split, target, seconds }) => [split, target, seconds[0]?.[1]]);
  expect(counted).toEqual([
    // Two routes with the same weights to the same targets are one split.
    [first, targetOf('green'), 2],
    ['Other', targetOf('green'), 1],
    ['', targetOf('green'), 2],
    ['', '', 1],
  ]);
});

test('one that could not be made goes back to nothing', () => {
  const { known } = watched.since(undefined, now);
  for (const status of ['REVIEW_IN_PROGRESS', 'CREATE_IN_PROGRESS']) {
    watched.onStackEvent(stackEvent('shop', { status }));
  }
  watched.onStackEvent(stackEvent('shop', { status: 'ROLLBACK_IN_PROGRESS', reason: 'a task has ended' }));
  watched.onStackEvent(stackEvent('shop', { status: 'ROLLBACK_COMPLETE' }));
  expect(watched.since(known, now).message.news).toEqual([
    'shop is being deployed.',
    'shop could not be made, and goes again: a task has ended',
    'Nothing of shop is left.',
  ]);
});

test.each([
  { name: 'one that is known', arn: alarm('shop').arn, title: 'BlueGreenGreenErrorAlarm' },
  { name: 'one of somebody else', arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:payments', title: 'payments' },
])('an alarm has its name in the reason for going back: $name', ({ arn, title }) => {
  watched.onAlarm(alarm('shop'));
  watched.onStackEvent(stackEvent('shop'));
  const { known } = watched.since(undefined, now);
  const reason = `Rollback trigger ${arn} went into ALARM state`;
  watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason }));
  const readable = `Rollback trigger ${title} went into ALARM state`;
  expect(stackNamed('shop')?.reason).toBe(readable);
  expect(watched.since(known, now).message.news).toEqual([`shop goes back to what it was: ${readable}`]);
});

test('a stack that is deleted is gone with its alarms', () => {
  showRelease(watched);
  watched.onWaysIn([]);
  watched.onStackEvent(stackEvent('shop', { status: 'DELETE_COMPLETE' }));
  expect(whole().stacks).toEqual([]);
});

test('of many tasks a part is shown, and the others are counted', () => {
  for (const resource of slotResources('shop', 'green', '1.5.0')) {
    watched.onChange({ verb: 'create', resource });
  }
  const many = Array.from({ length: 40 }, (_, index) => task(`running ${index}`));
  const stopped = Array.from({ length: 20 }, (_, index) => task(`${index}`, { lastStatus: 'STOPPED', stoppedAt: now + index }));
  watched.onService(serviceState('shop', 'green', '1.5.0', [...stopped, ...many]));
  const [service] = stackNamed('shop')?.services ?? [];
  expect(service?.tasks).toHaveLength(35);
  expect(service?.tasks.slice(-5).map(({ id }) => id)).toEqual(['19', '18', '17', '16', '15']);
  expect(service?.more).toBe(25);
});

test('stacks with something to see come first, and a way in has the slots of other stacks too', () => {
  for (const name of ['CDKToolkit', 'platform', 'shop']) {
    watched.onStackEvent(stackEvent(name, { status: 'CREATE_COMPLETE' }));
  }
  for (const resource of slotResources('shop', 'green', '1.5.0')) {
    watched.onChange({ verb: 'create', resource });
  }
  const { targets, splits, ...wayIn } = openWayIn('shop', 1, 0);
  const cart = targets.map((target) => ({ ...target, name: `${target.name} cart`, slot: '', services: [] }));
  const other = { name: 'other', targets: cart.map(({ name }) => ({ target: name, weight: 1 })) };
  // Of three routes two are the same split.
  watched.onWaysIn([{ ...wayIn, stack: 'platform', targets: [...targets, ...cart], splits: [...splits, ...splits, other] }]);
  expect(whole().stacks?.map(({ name }) => name)).toEqual(['platform', 'shop', 'CDKToolkit']);
  const [shown] = stackNamed('platform')?.waysIn ?? [];
  expect(shown?.targets.map(({ label, colour }) => [label, colour])).toEqual([
    ['blue', 0],
    ['green', 1],
    [`${targetOf('blue')} cart`.replace('0A1B2C3D', ''), 2],
    [`${targetOf('green')} cart`.replace('0A1B2C3D', ''), 3],
  ]);
  expect(shown?.splits.map(({ name }) => name)).toEqual([splits[0]?.name, 'other']);
});
