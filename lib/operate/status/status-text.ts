import { type SlotName, slotNames } from '../../release/slots';
import type { Colour, Paint } from '../../terminal/paint';
import { numberInWords, shareInWords, shortened, timeInWords } from '../../terminal/words';
import { wrapped } from '../../terminal/wrapped';
import { commandLines, flowed, mendLines, type Part, painted, widthOf, withCommands } from '../screen/parts';
import { shortImage } from '../screen/short-image';
import { shareOrOff } from './differences';
import { agoInWords, momentInWords } from './moment';
import type { Status, StatusWord, Suggestion } from './status';

/** How a status is shown. */
export interface Shown {
  /** Characters per line. */
  readonly room: number;
  readonly paint: Paint;
  readonly now: Date;
}

const words: Readonly<Record<StatusWord, readonly [icon: string, words: string, colour: Colour]>> = {
  steady: ['✓', 'steady', 'green'],
  waiting: ['◷', 'waiting for you', 'yellow'],
  busy: ['▸', 'busy', 'yellow'],
  stuck: ['✗', 'stuck', 'red'],
  unknown: ['✗', 'unknown', 'red'],
  differs: ['✗', 'not the same everywhere', 'red'],
  missing: ['✗', 'not there', 'red'],
};

const marks = { done: ['✓', undefined], here: ['●', 'bold'], ahead: ['○', 'dim'] } as const;

/** A status in lines, none of which is longer than there is room. */
export function statusLines(status: Status, shown: Shown): readonly string[] {
  const ladder = status.ladder.map(({ name, mark }): Part => ({ text: `${marks[mark][0]} ${name}`, colour: marks[mark][1] }));
  return [
    ...heading(status, shown),
    '',
    ...slotLines(status, shown),
    ...(ladder.length > 0 && status.step !== undefined ? ['', ...flowed(ladder, '  ', shown, '  ')] : []),
    '',
    ...status.alarms.flatMap((name) => problemLines(`alarm ${name} has gone off`, [], shown)),
    ...status.differences.flatMap(({ problem, mend }) => problemLines(problem, mend, shown)),
    ...status.problems.flatMap((problem) => problemLines(problem, [], shown)),
    ...(status.nothingToRelease === undefined ? [] : wrapped(status.nothingToRelease, shown.room - 2).map((line) => `  ${line}`)),
    ...suggestionLines('next', status.next, shown),
    ...suggestionLines('back', status.back, shown),
  ];
}

/** The same in one line, without what changes all the time: what stays the same is no news. */
export function statusLine(status: Status): string {
  const { word, step, ladder, direction, slots, differences, alarms, problems } = status;
  const here = ladder.find(({ mark }) => mark === 'here');
  const live = slotNames.map((slot) => {
    const { live: share, tasks } = slots[slot];
    return `${slot} ${shareOrOff(share)}${tasks ? `, ${tasks.running} of ${tasks.desired} tasks` : ''}`;
  });
  return [
    words[word][1],
    ...(step ? [`${direction.from} → ${direction.to}`, `step ${step.number} of ${step.of} (${here?.name})`] : []),
    ...live,
    ...alarms.map((name) => `alarm ${name} has gone off`),
    ...differences.map(({ problem, mend }) => withCommands(problem, mend)),
    ...problems,
  ].join(' · ');
}

function heading(status: Status, shown: Shown): readonly string[] {
  const { word, service, plane, direction, step, since, stackStatus } = status;
  const [icon, text, colour] = words[word];
  const isSettled = word !== 'busy' && word !== 'stuck' && word !== 'missing';
  const left: readonly Part[] = [
    { text: service, colour: 'bold' },
    ...(plane === undefined ? [] : [{ text: plane }]),
    ...(step === undefined ? [] : [{ text: `${direction.from} → ${direction.to}` }]),
  ];
  const right: readonly Part[] = [
    { text: `${icon} ${text}`, colour },
    ...(isSettled || stackStatus === undefined ? [] : [{ text: stackStatus }]),
    ...(step === undefined ? [] : [{ text: `step ${step.number} of ${step.of}` }]),
    ...(since === undefined ? [] : [{ text: `since ${momentInWords(since, shown.now)} (${agoInWords(since, shown.now)})` }]),
  ];
  const separator = ' · ';
  const [start, end] = [widthOf(left, separator), widthOf(right, separator)];
  if (start + 4 + end > shown.room) {
    return [...flowed(left, separator, shown), ...flowed(right, separator, shown)];
  }
  const gap = ' '.repeat(Math.max(4, Math.min(60, shown.room - end) - start));
  return [`${painted(left, separator, shown.paint)}${gap}${painted(right, separator, shown.paint)}`];
}

interface Column {
  readonly header: string;
  readonly cell: (slot: SlotName) => string;
  readonly right?: boolean;

  /** What may go when there is no room; the highest number goes first. */
  readonly optional?: number;
}

const wideGap = '   ';
const narrowGap = '  ';
const longestImage = 40;
const shortestImage = 12;

function slotLines(status: Status, shown: Shown): readonly string[] {
  const { slots, direction, step } = status;
  const known = slotNames.filter((slot) => Object.values(slots[slot]).some((value) => value !== undefined));
  const shares = (['declared', 'deployed', 'live'] as const).map(
    (which): Column => ({
      header: which,
      cell: (slot) => (which === 'declared' && !status.isDeclaredKnown ? '?' : shareOrOff(slots[slot][which])),
    }),
  );
  const isNew = (slot: SlotName) => step !== undefined && slot === direction.to;
  const image = (most: number) => (slot: SlotName) =>
    `${shortened(shortImage(slots[slot].image ?? ''), most)}${isNew(slot) ? ' new' : ''}`;
  const columns: readonly Column[] = [
    { header: '', cell: (slot) => slot },
    ...shares,
    { header: 'tasks', cell: (slot) => tasksInWords(status, slot), optional: 1 },
    { header: 'requests/min', cell: (slot) => requestsInWords(status, slot), right: true, optional: 2 },
    { header: 'errors', cell: (slot) => errorsInWords(status, slot), right: true, optional: 3 },
    { header: 'p95', cell: (slot) => latencyInWords(status, slot), right: true, optional: 5 },
    { header: '', cell: image(longestImage), optional: 4 },
  ];
  const short = columns.map((column) => (column.optional === 4 ? { ...column, cell: image(shortestImage) } : column));
  const room = shown.room - 2;
  const narrower = [5, 4, 3, 2].map((kept) => [short.filter(({ optional = 0 }) => optional <= kept), narrowGap] as const);
  for (const [some, gap] of [[columns, wideGap] as const, ...narrower]) {
    const lines = table(some, known, gap);
    if (lines.every(({ length }) => length <= room)) {
      return lines.map((line, row) => inColours(`  ${line}`, status, known[row - 1], shown.paint));
    }
  }
  // Below each other: each value with its name.
  return known.flatMap((slot) => {
    const parts = columns.slice(1).flatMap(({ header, cell }): Part[] => {
      const text = cell(slot).replace(/ new$/, ', new');
      return text === '' ? [] : [{ text: shortened(header === '' ? text : `${header} ${text}`, Math.max(1, room - 2)) }];
    });
    return [inColours(`  ${slot}`, status, slot, shown.paint), ...flowed(parts, ' · ', shown, '    ')];
  });
}

function table(columns: readonly Column[], slots: readonly SlotName[], gap: string): readonly string[] {
  const cells = columns.map(({ header, cell, right }) => {
    const all = [header, ...slots.map(cell)];
    const width = Math.max(...all.map(({ length }) => length));
    return all.map((text) => (right ? text.padStart(width) : text.padEnd(width)));
  });
  return ['', ...slots].map((_, row) =>
    cells
      .map((column) => column[row])
      .join(gap)
      .trimEnd(),
  );
}

function inColours(line: string, { slots }: Status, slot: SlotName | undefined, paint: Paint): string {
  if (slot === undefined || slots[slot].deployed === undefined) {
    return paint('dim', line);
  }
  return line.replace(slot, paint(slotNames.indexOf(slot) === 0 ? 'blue' : 'green', slot));
}

function problemLines(problem: string, mend: readonly string[], shown: Shown): readonly string[] {
  const { room, paint } = shown;
  const lines = wrapped(`✗ ${problem}`, room - 2, '  ').map((line) => `  ${paint('red', line)}`);
  return [...lines, ...mendLines(mend, shown)];
}

function suggestionLines(label: string, suggestion: Suggestion | undefined, shown: Shown): readonly string[] {
  if (suggestion === undefined) {
    return [];
  }
  const { command, does } = suggestion;
  const start = `  ${label}   `;
  const whole = `${start}${command}`.padEnd(45);
  if (`${whole}   ${does}`.length <= shown.room) {
    return [`  ${shown.paint('bold', label)}   ${command.padEnd(45 - start.length)}   ${shown.paint('dim', does)}`];
  }
  const indent = ' '.repeat(start.length);
  return [
    ...commandLines(command, start, shown),
    ...wrapped(does, shown.room - indent.length).map((line) => `${indent}${shown.paint('dim', line)}`),
  ];
}

function tasksInWords({ slots }: Status, slot: SlotName): string {
  const { tasks, healthyTargets } = slots[slot];
  if (tasks === undefined) {
    return '';
  }
  const healthy = healthyTargets === undefined || healthyTargets >= tasks.running ? '' : `, ${healthyTargets} healthy`;
  return `${tasks.running}/${tasks.desired}${healthy}`;
}

function requestsInWords({ slots }: Status, slot: SlotName): string {
  const { traffic } = slots[slot];
  return traffic ? numberInWords(traffic.requestsPerMinute) : '';
}

function errorsInWords({ slots }: Status, slot: SlotName): string {
  const share = slots[slot].traffic?.errorShare;
  return share === undefined ? '' : shareInWords(share);
}

function latencyInWords({ slots }: Status, slot: SlotName): string {
  const latency = slots[slot].traffic?.p95Ms;
  return latency === undefined ? '' : timeInWords(latency);
}
