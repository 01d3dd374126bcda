import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { slotNames } from '../../lib/release/slots';
import { appKeys, perSlotKeyName, perSlotKeys, slotKeyName, slotKeys } from '../../lib/settings/keys';
import { keys, slotOfKey } from '../../test/stack/other-values';
import { constructChanges, constructDeploy } from './changes/construct-deploys';
import { deployOf, type KeyChange, keyChanges } from './changes/key-deploys';
import { inWords, outcomeOf } from './changes/outcome';

/** What happens on a live stack when a key gets another value: a row for each key, whatever slot it stands for, a column for each plane. */
export function keyChangeTable(): string {
  // The colours are told apart by their names alone, so one of them says it for both.
  const changes = keyChanges().filter(({ name }) => slotOfKey(name) !== slotNames[0]);
  return table('another value of', keyRows(), ([, names], plane) => {
    const own = changes.filter((change) => change.plane === plane && names.includes(change.name));
    const cell = (some: readonly KeyChange[]) => oneOrMore(some.map((change) => resultOf(change)));
    const idle = own.filter((change) => change.idle !== undefined);
    const busy = cell(own.filter((change) => change.idle === undefined));
    return idle.length === 0 || cell(idle) === busy ? busy : `with requests: ${busy}. Without: ${cell(idle)}`;
  });
}

/** What happens on a live stack when something changes that only one's own stack can say. */
export function constructChangeTable(): string {
  const rows = constructChanges.map((change) => [change.what, change] as const);
  return table('another', rows, ([, change], plane) => {
    const results = [false, true].map((back) => constructDeploy(change, plane, back));
    const texts = results.flatMap((result) => (result ? [inWords(outcomeOf(result))] : []));
    return [...new Set(texts)].join('; ') || '–';
  });
}

function table<T extends readonly [string, unknown]>(
  head: string,
  rows: readonly T[],
  cell: (row: T, plane: PlaneName) => string,
): string {
  return [
    `| ${head} | ${planeNames.map((plane) => `\`${plane}\``).join(' | ')} |`,
    `|---|${planeNames.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row[0]} | ${planeNames.map((plane) => cell(row, plane)).join(' | ')} |`),
  ].join('\n');
}

// A key of one slot stands in the row of the one that holds for both.
function keyRows(): (readonly [string, readonly string[]])[] {
  const ofSlots = (Object.keys(slotKeys) as (keyof typeof slotKeys)[]).map((key) =>
    slotNames.map((slot) => slotKeyName(slot, key)),
  );
  const ofApp = (Object.keys(appKeys) as (keyof typeof appKeys)[]).map((key) => [
    key,
    ...perSlotKeys.filter((each) => each === key).flatMap((each) => slotNames.map((slot) => perSlotKeyName(slot, each))),
  ]);
  const row = (shown: string, names: readonly string[]) => [shown, names] as const;
  return [
    ...ofSlots.map((names) => row(names.map((name) => `\`${name}\``).join(', '), names)),
    ...ofApp.map(([name = '', ...perSlot]) =>
      row(`\`${name}\`${perSlot.length > 0 ? ', of a slot too' : ''}`, [name, ...perSlot]),
    ),
  ];
}

interface Result {
  readonly what: string;

  /** From what to what. */
  readonly way: string;
  readonly text: string;
}

// One text where every change comes to the same; else each with what makes the difference: the key, or its values.
function oneOrMore(results: readonly Result[]): string {
  const texts = [...new Set(results.map(({ text }) => text))];
  if (texts.length <= 1) {
    return texts[0] ?? '–';
  }
  const labels = (text: string, of: 'what' | 'way') => [
    ...new Set(results.filter((result) => result.text === text).map((result) => result[of])),
  ];
  const ways = texts.flatMap((text) => labels(text, 'way'));
  const of = new Set(ways).size === ways.length ? 'way' : 'what';
  return texts.map((text) => `${labels(text, of).join(', ')}: ${text}`).join('; ');
}

function resultOf(change: KeyChange): Result {
  const { name, plane, from, to } = change;
  return {
    what: slotOfKey(name) === undefined ? `\`${name}\`` : 'of a slot',
    way: wayFrom(name, plane, from, to),
    text: inWords(outcomeOf(deployOf(change))),
  };
}

function wayFrom(name: string, plane: PlaneName, from: unknown, to: unknown): string {
  const [one, other] = [from, to].map((value) => {
    const shown = value ?? keys.find(([each]) => each === name)?.[1].default(plane) ?? 'none';
    return typeof shown === 'object' || `${shown}`.length > 12 ? 'one' : `${shown}`;
  });
  return one === other ? 'one to another' : `${one} to ${other}`;
}
