import type { DeployedSlot, DeployedState } from '../../lib/release/deployed-state';
import { refusal } from '../../lib/release/refusal';
import { unsafeChanges } from '../../lib/release/transition';
import { settingNames } from '../../lib/stack/setting-names';

const slot = (weight: number, image: string, more: Partial<DeployedSlot> = {}): DeployedSlot => ({ weight, image, ...more });
const scaled = { minCapacity: 4, maxCapacity: 10 };
const state = (slots: Readonly<Record<string, DeployedSlot>>, more: Partial<DeployedState> = {}): DeployedState => ({
  shape: 1,
  routeWaits: true,
  wayIn: { plane: 'load-balancer', scheme: 'public' },
  slots,
  ...more,
});

const both = state({ blue: slot(1, 'shop:1.4.0'), green: slot(1, 'shop:1.5.0') });
const blueOnly = state({ blue: slot(1, 'shop:1.4.0') });
const joins = state({ blue: slot(1, 'shop:1.4.0'), green: slot(1, 'shop:1.5.0', scaled) });

// One deploy for each thing that the rule refuses; the sentences are the rule's own.
const deploys: readonly (readonly [what: string, before: DeployedState, after: DeployedState])[] = [
  ['a slot with requests would leave', both, blueOnly],
  ['a slot with requests would get another version', both, state({ blue: slot(1, 'shop:1.4.0'), green: slot(1, 'shop:1.6.0') })],
  ['the way in would change', both, { ...both, wayIn: { plane: 'load-balancer', scheme: 'internal' } }],
  ['the plane would change', both, { ...both, wayIn: { plane: 'lattice' } }],
  ['a slot that scales would get requests before its tasks are there', blueOnly, joins],
  [
    'a slot with requests would scale no more',
    state({ blue: slot(1, 'shop:1.4.0', scaled) }),
    state({ blue: slot(1, 'shop:1.4.0', { desiredCount: 1 }) }),
  ],
  ['on Lattice, a slot would get requests before it answers', { ...blueOnly, routeWaits: false }, { ...both, routeWaits: false }],
];

/** What somebody reads who deploys with flags that are out of date. */
export function firstRefusal(): string {
  return screen(both, blueOnly);
}

/** What somebody reads who gives a slot that scales its first requests too early. */
export function scalingRefusal(): string {
  return screen(blueOnly, joins);
}

function screen(before: DeployedState, after: DeployedState): string {
  const sentences = unsafeChanges(before, after).map((change) => refusal(change, settingNames()));
  return ['```text', ...sentences, '```'].join('\n');
}

/** What a deploy must not do, with what the guard says of it in the words of the flags. */
export function refusalTable(): string {
  const rows = deploys.flatMap(([what, before, after]) =>
    unsafeChanges(before, after).map((change) => `| ${what} | \`${refusal(change, settingNames())}\` |`),
  );
  return ['| in this deploy | the guard says |', '|---|---|', ...rows].join('\n');
}
