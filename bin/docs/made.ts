import { release } from '../../lib/release/release';
import { keyTable, keyTopics } from '../../lib/settings/key-table';
import { propertyTable } from '../../lib/settings/property-table';
import { stepCommandTable, stepTable } from '../../lib/settings/step-table';
import type { Blocks } from './blocks';
import { constructChangeTable, keyChangeTable } from './change-tables';
import { findingTable } from './finding-table';
import { planeTable } from './plane-table';
import { firstRefusal, refusalTable, scalingRefusal } from './refusal-table';
import {
  differenceScreen,
  drainScreen,
  nextScreen,
  nothingScreen,
  planScreen,
  releaseHelp,
  rollbackScreen,
  statusScreen,
  verifyScreen,
} from './release-screens';
import { roleTable } from './role-table';
import { constructErrors, firstErrors, helpScreen, moreErrors } from './screens';
import { slotResourceTable, touchedTable } from './touched-tables';

/** Everything in the docs that code makes, by the name of its block. */
export const made: Blocks = {
  ...Object.fromEntries(keyTopics.map((topic) => [`keys-${topic}`, () => keyTable(topic)])),
  'key-properties': propertyTable,
  steps: () => stepTable(release()),
  'step-commands': () => stepCommandTable(release()),
  planes: planeTable,
  touched: touchedTable,
  'slot-resources': slotResourceTable,
  refusals: refusalTable,
  'first-refusal': firstRefusal,
  'scaling-refusal': scalingRefusal,
  'key-changes': keyChangeTable,
  'construct-changes': constructChangeTable,
  roles: roleTable,
  findings: findingTable,
  help: helpScreen,
  'first-errors': firstErrors,
  'more-errors': moreErrors,
  'construct-errors': constructErrors,
  'release-plan': planScreen,
  'release-status': statusScreen,
  'release-difference': differenceScreen,
  'release-next': nextScreen,
  'release-drain': drainScreen,
  'release-nothing': nothingScreen,
  'release-rollback': rollbackScreen,
  'release-verify': verifyScreen,
  'release-help': releaseHelp,
  // No two rehearsals count the same: this one is made together with the picture.
  rehearsal: (before) => before,
};
