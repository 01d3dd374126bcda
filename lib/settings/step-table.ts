import type { ReleaseStep } from '../release/release';
import { flagsOf } from './flags';

/** The steps of a release as a Markdown table: what each does, its command, and the command that undoes it. */
export function stepTable(steps: readonly ReleaseStep[]): string {
  const rows = steps.slice(1).map((step, index) => {
    const before = steps[index] as ReleaseStep;
    return `| ${index + 1} | **${step.name}**: ${step.description} | \`${deployCommand(step)}\` | \`${deployCommand(before)}\` |`;
  });
  return ['| step | what it does | deploy | go back |', '|---|---|---|---|', ...rows].join('\n');
}

// All flags, since -c is not remembered from one command to the next.
function deployCommand({ state }: ReleaseStep): string {
  return ['npx cdk deploy', ...Object.entries(flagsOf(state)).map(([flag, value]) => `-c ${flag}=${value}`)].join(' ');
}
