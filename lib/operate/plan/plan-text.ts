import { type Column, inColumns, shortened } from '../../terminal/columns';
import type { Paint } from '../../terminal/paint';
import { wrapped } from '../../terminal/wrapped';
import { changesInWords, otherChanges } from './changes-in-words';
import { isRefused, type PlannedDeploy, type ReleasePlan } from './plan';
import {
  backInWords,
  conclusionOf,
  countInWords,
  doneInWords,
  problemsOf,
  reachedInWords,
  titleOf,
  waitInWords,
  weightsOf,
} from './plan-words';

const indent = '  ';

/**
 * A plan for a person at a terminal.
 *
 * @param room characters per line; no line is longer
 */
export function planText(plan: ReleasePlan, room: number, paint: Paint): string {
  const { steps } = plan;
  const inner = Math.max(1, room - indent.length);
  const head = wrapped(titleOf(plan), room).map((line) => paint('bold', line));
  const indented = (lines: readonly string[]) => lines.map((line) => (line === '' ? line : `${indent}${line}`));
  if (steps.length === 0) {
    return [...head, '', ...indented(wrapped(doneInWords(plan), inner)), ''].join('\n');
  }
  const problems = steps.flatMap((step, index) => problemsOf(step).map((problem) => `${index + 1} ${step.name}: ${problem}`));
  const remarks = steps.flatMap((step, index) =>
    otherChanges(step.changed).map((resource) => `${index + 1} ${step.name} also changes ${resource}`),
  );
  return [
    ...head,
    ...indented(wrapped(reachedInWords(plan), inner)),
    '',
    ...indented(inColumns(columnsOf(plan, inner, paint), [...steps.entries()], inner, (text) => paint('dim', text))),
    '',
    ...indented(problems.flatMap((problem) => wrapped(`✗ ${problem}`, inner, indent).map((line) => paint('red', line)))),
    ...indented(remarks.flatMap((remark) => wrapped(`- ${remark}`, inner, indent).map((line) => paint('yellow', line)))),
    ...(problems.length + remarks.length > 0 ? [''] : []),
    ...indented(wrapped(conclusionOf(plan), inner)),
    '',
  ].join('\n');
}

type Row = readonly [index: number, step: PlannedDeploy];

function columnsOf(plan: ReleasePlan, room: number, paint: Paint): readonly Column<Row>[] {
  const { from, to } = plan;
  const mark = ([, step]: Row, text: string) => (isRefused(step) ? paint('red', text) : text);
  return [
    {
      header: 'step',
      cell: ([index, { name }]) => shortened(`${index + 1} ${name}`, room),
      paint: (text, row) => mark(row, text),
    },
    { header: `${from} : ${to}`, cell: ([, step]) => weightsOf(step, plan), right: true, optional: 2 },
    { header: 'creates', cell: ([, { created }]) => countInWords(created), right: true, optional: 4 },
    { header: 'changes', cell: ([, step]) => changesInWords(step.changed), optional: 3 },
    { header: 'deletes', cell: ([, { deleted }]) => countInWords(deleted), right: true, optional: 4 },
    { header: 'states', cell: ([, { intermediateStates }]) => `${intermediateStates}`, right: true, optional: 6 },
    { header: 'bakes', cell: ([, step]) => waitInWords(step), optional: 5 },
    { header: 'back', cell: ([, step]) => backInWords(step, plan), optional: 1 },
  ];
}
