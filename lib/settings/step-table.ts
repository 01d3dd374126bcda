import type { ReleaseStep } from '../release/release';
import { flagsOf } from './flags';
import { stateKeyNames } from './keys';

/** The steps of a release as a Markdown table: what `cdk.context.json` says at each, and what it does. The first is the state before. */
export function stepTable(steps: readonly ReleaseStep[]): string {
  return [
    `| step | ${stateKeyNames.map((name) => `\`${name}\``).join(' | ')} | what it does |`,
    `|---|${stateKeyNames.map(() => '---|').join('')}---|`,
    ...steps.map((step, index) => {
      const before = new Map(Object.entries(flagsOf((steps[index - 1] ?? step).state)));
      const flags = Object.entries(flagsOf(step.state)).map(([name, value]) =>
        value === before.get(name) ? `${value}` : `**${value}**`,
      );
      const what = index === 0 ? step.description : `**${step.name}**: ${step.description}`;
      return `| ${index || ''} | ${flags.join(' | ')} | ${what} |`;
    }),
  ].join('\n');
}

/** The same steps as one command each, right whatever the files say, with the command that undoes it. */
export function stepCommandTable(steps: readonly ReleaseStep[]): string {
  const rows = steps
    .slice(1)
    .map((step, index) => `| ${index + 1} | ${step.name} | ${command(step)} | ${command(steps[index] as ReleaseStep)} |`);
  return ['| step | | deploy | go back |', '|---|---|---|---|', ...rows].join('\n');
}

// All flags, since -c is not remembered from one command to the next.
function command({ state }: ReleaseStep): string {
  const flags = Object.entries(flagsOf(state)).map(([flag, value]) => `-c ${flag}=${value}`);
  return `\`npx cdk deploy ${flags.join(' ')}\``;
}
