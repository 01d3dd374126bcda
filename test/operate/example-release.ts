import type { AskedService } from '../../lib/operate/asked-service';
import { defaultLadder } from '../../lib/operate/command-line';
import type { DeployedStack } from '../../lib/operate/deployed/deployed-stack';
import type { LiveSlot, LiveState } from '../../lib/operate/live/live-state';
import type { DeployedAlarm } from '../../lib/operate/measured/alarm-state';
import type { MeasuredMinute, SlotMinute } from '../../lib/operate/measured/measured-minute';
import type { DeclaredState } from '../../lib/operate/status/differences';
import type { StatusSources } from '../../lib/operate/status/status';
import { type SlotName, slotNames } from '../../lib/release/slots';

type Weights = Readonly<Partial<Record<SlotName, number>>>;

/** The images of a release of a shop. */
export const images: Readonly<Record<SlotName, string>> = { blue: 'example/shop:1.4.0', green: 'example/shop:1.5.0' };

export const asked: AskedService = { folder: '.', context: {}, stage: undefined, stackName: 'sample-blue-green' };

/** In the time zone of this machine, so that it reads the same everywhere. */
export const now = new Date(2026, 10, 27, 15, 14);

/** The stack with the slots that have a weight. */
export function stackWith(weights: Weights, more: Partial<DeployedStack> = {}): DeployedStack {
  const slots = Object.entries(weights).map(([slot, weight]) => [
    slot,
    { weight, desiredCount: 2, image: images[slot as SlotName], secrets: [] as readonly string[] },
  ]);
  return {
    name: asked.stackName,
    id: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/sample-blue-green/0a1b2c3d',
    status: 'UPDATE_COMPLETE',
    statusReason: undefined,
    changedAt: new Date(2026, 10, 27, 14, 2),
    template: '{}',
    state: {
      shape: 3,
      routeWaits: true,
      wayIn: { plane: 'load-balancer', serviceName: 'sample' },
      slots: Object.fromEntries(slots),
    },
    outputs: {},
    parameters: ['BootstrapVersion'],
    rollbackTriggers: [],
    roleArn: undefined,
    physicalIds: new Map(),
    ...more,
  };
}

/** What runs: blue is older than green. */
export function liveWith(
  weights: Readonly<Partial<Record<SlotName, number | undefined>>>,
  more: Partial<LiveSlot> = {},
): LiveState {
  return Object.fromEntries(
    Object.entries(weights).map(([slot, weight]) => [
      slot,
      {
        weight,
        tasks: { desired: 2, running: 2, pending: 0 },
        healthyTargets: 2,
        rollingOut: false,
        createdAt: new Date(2026, 10, slotNames.indexOf(slot as SlotName) + 1),
        versionAt: new Date(2026, 10, slotNames.indexOf(slot as SlotName) + 1),
        ...more,
      },
    ]),
  );
}

/** What the files say. */
export function declaredWith(weights: Weights): DeclaredState {
  const state = (slot: SlotName) => ({ active: weights[slot] !== undefined, weight: weights[slot] ?? 0 });
  return { state: { blue: state('blue'), green: state('green') }, images };
}

/** Minutes that are all the same. */
export function minutesWith(slots: Readonly<Partial<Record<SlotName, SlotMinute>>>, count = 5): readonly MeasuredMinute[] {
  return Array.from({ length: count }, (_, index) => ({ at: now.getTime() - (count - index) * 60_000, slots }));
}

export const alarms: readonly DeployedAlarm[] = [
  { name: 'sample-service', kind: 'service', slot: undefined, state: 'OK', arn: 'arn:aws:cloudwatch:::alarm:sample-service' },
  ...slotNames.map(
    (slot): DeployedAlarm => ({
      name: `sample-${slot}-errors`,
      kind: 'errors',
      slot,
      state: 'OK',
      arn: `arn:aws:cloudwatch:::alarm:sample-${slot}-errors`,
    }),
  ),
];

/** A release that stands at 75/25, with what is declared, deployed and live the same. */
export const waiting: StatusSources = {
  asked,
  to: undefined,
  ladder: defaultLadder,
  stack: stackWith({ blue: 3, green: 1 }),
  live: liveWith({ blue: 3, green: 1 }),
  minutes: minutesWith({
    blue: { requests: 1482, errors: 1, latencyMs: 41 },
    green: { requests: 496, errors: 1, latencyMs: 44 },
  }),
  alarms,
  declared: declaredWith({ blue: 3, green: 1 }),
  problems: [],
};
