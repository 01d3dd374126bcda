import type { PlaneName } from '../../lib/release/plane-limits';
import { type Acknowledgement, acknowledgements } from '../../lib/stack/acknowledgements';
import { bothSlots, type StepTemplate } from './step-templates';

/** What a scan says of the constructs in somebody else's stack, and the answer that this app gives to it. */
export function findingTable(): string {
  const rows = acknowledgements
    // The network is this app's own; who brings a VPC has its findings there.
    .filter(({ at }) => !at.test('/Vpc'))
    .map((finding) => `| \`${finding.id}\` | ${places(finding)} | ${planesOf(finding).join(', ')} | ${finding.reason} |`);
  return ['| finding | at | planes | the answer of this app |', '|---|---|---|---|', ...rows].join('\n');
}

// The end of a path as this app has it: `/\/App\/\w+\/TaskRole$/` is `App/SLOT/TaskRole`.
function places({ at }: Acknowledgement): string {
  return at.source
    .replace(/\\w\+/g, 'SLOT')
    .replace(/\\\/|\$$/g, '/')
    .replace(/\(Internal\)\?/g, '')
    .replace(/\((.*)\)/, '$1')
    .split(/\$?\|/)
    .map((place) => `\`${place.replace(/^\/+|\/+$/g, '')}\``)
    .join(', ');
}

function planesOf({ at, on }: Acknowledgement): string[] {
  const found = ([plane, template]: readonly [PlaneName, StepTemplate]) =>
    (on === undefined || on === plane) &&
    Object.values(template.resources).some(({ path }) => within(path).some((each) => at.test(each)));
  return bothSlots()
    .filter(found)
    .map(([plane]) => `\`${plane}\``);
}

// The paths of a resource and of everything that it is in, as they end.
function within(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}
