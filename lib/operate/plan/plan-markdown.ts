import { changesInWords, otherChanges } from './changes-in-words';
import type { ReleasePlan } from './plan';
import {
  conclusionOf,
  countInWords,
  doneInWords,
  problemsOf,
  reachedInWords,
  titleOf,
  waitInWords,
  weightsOf,
} from './plan-words';

/** A plan for a pull request. */
export function planMarkdown(plan: ReleasePlan): string {
  const { from, to, steps } = plan;
  if (steps.length === 0) {
    return `### ${escaped(titleOf(plan))}\n\n${escaped(doneInWords(plan))}\n`;
  }
  const header = ['step', `${from} : ${to}`, 'creates', 'changes', 'deletes', 'states', 'bakes', 'back'];
  const rows = steps.map((step, index) => [
    `${index + 1} ${step.name}`,
    weightsOf(step, plan),
    countInWords(step.created),
    changesInWords(step.changed),
    countInWords(step.deleted),
    `${step.intermediateStates}`,
    waitInWords(step),
    step.back,
  ]);
  const problems = steps.flatMap((step, index) =>
    problemsOf(step).map((problem) => `- ❌ ${index + 1} ${step.name}: ${problem}`),
  );
  const remarks = steps.flatMap((step, index) =>
    otherChanges(step.changed).map((resource) => `- ${index + 1} ${step.name} also changes ${resource}`),
  );
  const details = steps.flatMap((step, index) => [
    `**${index + 1} ${step.name}**: ${step.description}; \`${flagsInWords(step.flags)}\``,
    ...(['created', 'changed', 'deleted', 'replaced'] as const).flatMap((change) =>
      step[change].map((resource) => `- ${change}: ${resource}`),
    ),
    '',
  ]);
  return [
    `### ${escaped(titleOf(plan))}`,
    '',
    escaped(reachedInWords(plan)),
    '',
    row(header),
    row(header.map(() => '---')),
    ...rows.map(row),
    '',
    ...[...problems, ...remarks].map(escaped),
    ...(problems.length + remarks.length > 0 ? [''] : []),
    conclusionOf(plan),
    '',
    '<details><summary>Every resource</summary>',
    '',
    ...details,
    '</details>',
    '',
  ].join('\n');
}

function flagsInWords(flags: Readonly<Record<string, boolean | number>>): string {
  return Object.entries(flags)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escaped(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

// What a name may hold is text here, and no markup.
function escaped(text: string): string {
  return text.replace(/[<>*_`[\]]/g, (character) => `\\${character}`);
}
