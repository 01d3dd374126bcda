import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { ServiceAlarm } from '../../lib/service/service-alarm';
import type { BlueGreenStack } from '../../lib/stack/blue-green-stack';
import { appOf, type Context, resourcesOf, templateOf } from '../app-template';
import { alarmState, type Series } from './metric-math';

const states: readonly Context[] = [
  {},
  { greenActive: true },
  { greenActive: true, greenWeight: 1 },
  { greenActive: true, greenWeight: 1, blueWeight: 0 },
  { greenActive: true, greenWeight: 1, blueActive: false },
];

const alarmsOf = (trafficPlane: PlaneName, flags: Context = {}): Readonly<Record<string, any>> =>
  Object.fromEntries(
    resourcesOf(templateOf({ trafficPlane, ...flags }), 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => [
      id.slice(0, -8),
      Properties,
    ]),
  );

const always = (value: number | undefined): Series => Array(5).fill(value);
const [nothing, some, many] = [always(undefined), always(5), always(100)];

type Case = readonly [what: string, state: ReturnType<typeof alarmState>, data: Readonly<Record<string, Series>>];

const balanced = { RequestCount: many, HTTPCode_Target_2XX_Count: many };
const onLoadBalancer: readonly Case[] = [
  ['all goes well', 'OK', balanced],
  [
    'all kinds of proper answers',
    'OK',
    {
      ...balanced,
      HTTPCode_Target_2XX_Count: always(40),
      HTTPCode_Target_3XX_Count: always(30),
      HTTPCode_Target_4XX_Count: always(30),
    },
  ],
  ['the process ends at every request', 'ALARM', { RequestCount: many, HTTPCode_ELB_5XX_Count: many }],
  ['the process hangs', 'ALARM', { RequestCount: many, HTTPCode_ELB_5XX_Count: many }],
  [
    'the task refuses connections',
    'ALARM',
    { RequestCount: many, TargetConnectionErrorCount: many, HTTPCode_ELB_5XX_Count: many },
  ],
  [
    '5 % of the answers are 5xx',
    'ALARM',
    { RequestCount: many, HTTPCode_Target_2XX_Count: always(95), HTTPCode_Target_5XX_Count: some },
  ],
  [
    '4 % of the answers are 5xx',
    'OK',
    { RequestCount: many, HTTPCode_Target_2XX_Count: always(96), HTTPCode_Target_5XX_Count: always(4) },
  ],
  ['one request, which fails', 'INSUFFICIENT_DATA', { RequestCount: always(1), HTTPCode_Target_5XX_Count: always(1) }],
  ['no requests at all', 'INSUFFICIENT_DATA', { RequestCount: nothing }],
  [
    'two bad minutes',
    'OK',
    { RequestCount: many, HTTPCode_Target_2XX_Count: [0, 0, 100, 100, 100], HTTPCode_Target_5XX_Count: [100, 100, 0, 0, 0] },
  ],
  [
    'errors for long, of which the newest count is late',
    'ALARM',
    {
      RequestCount: many,
      HTTPCode_Target_2XX_Count: [0, 0, 0, 0, 100],
      HTTPCode_Target_5XX_Count: [100, 100, 100, 100, undefined],
    },
  ],
  [
    'good answers, of which the newest count is late',
    'OK',
    { RequestCount: many, HTTPCode_Target_2XX_Count: [100, 100, 100, 100, undefined] },
  ],
  [
    'more answers than requests, since some were asked before',
    'OK',
    { RequestCount: always(90), HTTPCode_Target_2XX_Count: many },
  ],
];

test.each(onLoadBalancer)('the alarm of a slot on the load balancer: %s: %s', (_, state, data) => {
  expect(alarmState(alarmsOf('load-balancer').AppBlueErrorAlarm, data)).toBe(state);
});

test.each<Case>([
  ...onLoadBalancer,
  // None of these is among the requests that are counted: no target was chosen.
  ['no slot has a task', 'ALARM', { HTTPCode_ELB_503_Count: many, HTTPCode_ELB_5XX_Count: many }],
  ['no slot has a task, and few ask', 'INSUFFICIENT_DATA', { HTTPCode_ELB_503_Count: some, HTTPCode_ELB_5XX_Count: some }],
  [
    'one of twenty requests finds no task',
    'ALARM',
    {
      RequestCount: always(95),
      HTTPCode_Target_2XX_Count: always(95),
      HTTPCode_ELB_503_Count: some,
      HTTPCode_ELB_5XX_Count: some,
    },
  ],
])('the alarm of the service on the load balancer: %s: %s', (_, state, data) => {
  expect(alarmState(alarmsOf('load-balancer').ServiceAlarm, data)).toBe(state);
});

const onLattice: readonly Case[] = [
  ['all goes well', 'OK', { TotalRequestCount: many, HTTPCode_2XX_Count: many }],
  ['no answer at all', 'ALARM', { TotalRequestCount: many }],
  ['5 % of the answers are 5xx', 'ALARM', { TotalRequestCount: many, HTTPCode_2XX_Count: always(95), HTTPCode_5XX_Count: some }],
  ['one request, which fails', 'INSUFFICIENT_DATA', { TotalRequestCount: always(1), HTTPCode_5XX_Count: always(1) }],
  ['no requests at all', 'INSUFFICIENT_DATA', {}],
];
const onAppMesh: readonly Case[] = [
  ['all goes well', 'OK', { Requests: many }],
  ['errors', 'ALARM', { Requests: many, Errors: some }],
  ['few requests', 'INSUFFICIENT_DATA', { Requests: always(1), Errors: always(1) }],
  ['no requests at all', 'INSUFFICIENT_DATA', {}],
];
test.each([
  ...onLattice.map((each) => ['lattice', ...each] as const),
  ...onAppMesh.map((each) => ['app-mesh', ...each] as const),
])('both alarms on errors on %s: %s: %s', (plane, _, state, data) => {
  const { ServiceAlarm, AppBlueErrorAlarm } = alarmsOf(plane as PlaneName);
  expect([ServiceAlarm, AppBlueErrorAlarm].map((alarm) => alarmState(alarm, data))).toEqual([state, state]);
});

test.each<[PlaneName, string]>([
  ['load-balancer', 'HealthyHostCount'],
  ['lattice', 'RunningTaskCount'],
  ['app-mesh', 'RunningTaskCount'],
])('an empty slot rings on %s, by %s, and one task is enough', (plane, metric) => {
  const { AppBlueEmptySlotAlarm: alarm } = alarmsOf(plane);
  expect(alarmState(alarm, { [metric]: always(1) })).toBe('OK');
  expect(alarmState(alarm, { [metric]: always(0) })).toBe('ALARM');
  expect(alarmState(alarm, {})).toBe('ALARM');
  expect(alarmState(alarm, { [metric]: [0, 0, undefined, 0, 1] })).toBe('OK');
});

test.each(planeNames)('the alarm of the service on %s is the same whatever slots and weights there are', (plane) => {
  const found = states.map((state) =>
    Object.entries(templateOf({ trafficPlane: plane, ...state }).Resources).filter(([id]) => id.startsWith('ServiceAlarm')),
  );
  expect(found[0]).toHaveLength(1);
  expect(found).toEqual(states.map(() => found[0]));
});

test.each(planeNames)('an alarm of a slot on %s comes after its service, and goes before it', (plane) => {
  const [, alarm] = resourcesOf(templateOf({ trafficPlane: plane }), 'AWS::CloudWatch::Alarm').find(([id]) =>
    id.startsWith('AppBlueEmptySlotAlarm'),
  ) as [string, any];
  const references = [...JSON.stringify(alarm.Properties).matchAll(/"Fn::GetAtt":\["(\w+)"/g)].map(([, id]) => id);
  expect([alarm.DependsOn ?? [], references].flat()).toContainEqual(expect.stringMatching(/^AppBlueService[0-9A-F]{8}$/));
});

test.each(planeNames)('every alarm on %s tells the topic when it rings and when it is over', (plane) => {
  const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
  const actions = (flags: Context) =>
    Object.values(alarmsOf(plane, { greenActive: true, ...flags })).map(({ AlarmActions, OKActions }) => [
      AlarmActions,
      OKActions,
    ]);
  expect(actions({ alarmTopicArn })).toEqual(Array(5).fill([[alarmTopicArn], [alarmTopicArn]]));
  expect(actions({})).toEqual(Array(5).fill([undefined, undefined]));
});

test.each(planeNames)('no alarm on %s has more metrics than CloudWatch takes, or searches for one', (plane) => {
  const alarms = Object.values(alarmsOf(plane, { greenActive: true }));
  expect(Math.max(...alarms.map(({ Metrics = [] }) => Metrics.length))).toBeLessThanOrEqual(10);
  expect(JSON.stringify(alarms)).not.toMatch(/SEARCH|SELECT/);
});

test.each([
  [{ threshold: 0 }, 'alarm on service: threshold: got 0, expected a number more than 0, up to 100'],
  [{ threshold: Number.NaN }, 'alarm on service: threshold: got NaN, expected a number more than 0, up to 100'],
  [{ threshold: 101 }, 'alarm on service: threshold: got 101, expected a number more than 0, up to 100'],
  [{ minRequests: 0 }, 'alarm on service: minRequests: got 0, expected a whole number from 1 to 1000000'],
])('an alarm with %j is refused', (options, problem) => {
  const { stack } = appOf();
  const { service } = stack as BlueGreenStack;
  expect(() => new ServiceAlarm(stack, 'Own', { service, ...options })).toThrow(problem);
});
