import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { planeNames } from '../../lib/release/plane-limits';
import { bothSlots, type StepTemplate, slotOf, stepTemplates } from './step-templates';

interface Touched {
  readonly created: number;
  readonly deleted: number;
  readonly replaced: number;

  /** Paths of the constructs that change in place. */
  readonly changed: readonly string[];
}

// The parts of a custom resource have no impact of their own.
const replacing: readonly ResourceImpact[] = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE];

/** What each step of a release does to the resources of the stack, on every plane. */
export function touchedTable(): string {
  const byPlane = planeNames.map((plane) => {
    const templates = stepTemplates(plane);
    return templates.slice(1).map((after, index) => touched(templates[index] as StepTemplate, after));
  });
  const steps = stepTemplates(planeNames[0]).slice(1);
  return [
    `| step | ${planeNames.map((plane) => `\`${plane}\``).join(' | ')} | replaced |`,
    `|---|${planeNames.map(() => '---|').join('')}---|`,
    ...steps.map(({ step }, index) => {
      const counts = byPlane.map((plane) => plane[index] as Touched);
      const replaced = counts.reduce((sum, count) => sum + count.replaced, 0);
      return `| ${step} | ${counts.map(inWords).join(' | ')} | ${replaced} |`;
    }),
  ].join('\n');
}

/** The resources of one slot, on every plane. */
export function slotResourceTable(): string {
  return [
    '| plane | a slot is |',
    '|---|---|',
    ...bothSlots().map(([plane, { resources }]) => {
      const types = Object.values(resources)
        .filter(({ path }) => slotOf(path) === 'green')
        .map(({ type }) => type.replace(/^AWS::/, ''))
        .sort();
      return `| \`${plane}\` | ${types.map((type) => `\`${type}\``).join(', ')} |`;
    }),
  ].join('\n');
}

function inWords({ created, changed, deleted }: Touched): string {
  return [
    created > 0 ? `${created} created` : '',
    changed.length > 0 ? `changed: ${changed.map((path) => `\`${path}\``).join(', ')}` : '',
    deleted > 0 ? `${deleted} deleted` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function touched(before: StepTemplate, after: StepTemplate): Touched {
  const result = { created: 0, deleted: 0, replaced: 0, changed: [] as string[] };
  fullDiff(before.template, after.template).resources.forEachDifference((id, change) => {
    if (change.isAddition) {
      result.created += 1;
    } else if (change.isRemoval) {
      result.deleted += 1;
    } else {
      result.changed.push(after.resources[id]?.path ?? id);
      result.replaced += replacing.includes(change.changeImpact) ? 1 : 0;
    }
  });
  return result;
}
