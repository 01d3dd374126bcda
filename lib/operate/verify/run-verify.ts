import { slotNames } from '../../release/slots';
import type { Settings } from '../../settings/settings';
import { paintFor } from '../../terminal/paint';
import type { AskedService } from '../asked-service';
import { type AwsClients, awsClients } from '../aws-clients';
import { defaultLadder, type OperateLine } from '../command-line';
import { readDeclared } from '../declared/read-declared';
import { type ExitCode, exitCodes } from '../exit-codes';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { roomOf } from '../screen/room';
import { readStatusSources } from '../status/read-status';
import { type Status, type StatusSources, statusOf } from '../status/status';
import { verifyAlarms } from './alarms';
import { neededBootstrap, verifyBootstrap } from './bootstrap';
import { verifyCredentials } from './credentials';
import { verifyDeployRole } from './deploy-role';
import { verifyHealthPath } from './health-path';
import { verifyImage } from './image';
import { verifySameEverywhere } from './same-everywhere';
import { verifySecret } from './secret';
import { verifyStackSettled } from './stack-settled';
import type { VerifyItem } from './verify-item';
import { verifyJson, verifyLines } from './verify-text';

/** Shows whether a release could begin: everything that it needs is looked at, and nothing is changed. */
export async function runVerify(
  { json }: Pick<OperateLine, 'json'>,
  asked: AskedService,
  terminal: OperateTerminal,
): Promise<ExitCode> {
  const { items, exitCode } = await verify(asked, terminal.environment);
  const { out } = terminal;
  const paint = paintFor(out, terminal.environment);
  const lines = json
    ? [JSON.stringify(verifyJson(asked.stackName, items), null, 2)]
    : verifyLines(asked.stackName, items, { room: roomOf(out), paint });
  out.write(`${lines.join('\n')}\n`);
  return exitCode;
}

/** What was looked at, and what follows from it. */
export interface Verified {
  readonly items: readonly VerifyItem[];
  readonly exitCode: ExitCode;
}

/** Looks at everything that a release needs. */
export async function verify(asked: AskedService, environment: NodeJS.ProcessEnv): Promise<Verified> {
  const clients = awsClients(environment);
  const credentials = await verifyCredentials(clients);
  if (credentials.verdict !== 'ok') {
    // Nobody else would say anything else.
    return { items: [credentials], exitCode: exitCodes.refused };
  }
  try {
    const sources = await readStatusSources(clients, { asked, to: undefined, ladder: defaultLadder });
    const status = statusOf(sources);
    const items = [credentials, ...(await Promise.all(itemsOf(clients, asked, sources, status))).flat()];
    return { items, exitCode: status.differences.length > 0 ? exitCodes.differs : exitCodeOf(items) };
  } catch (error) {
    if (!(error instanceof OperateError)) {
      throw error;
    }
    const unread = error.problems.map((sentence) => ({ part: 'stack', name: 'read', verdict: 'not ok', sentence }) as const);
    return { items: [credentials, ...unread], exitCode: error.exitCode };
  }
}

function itemsOf(
  clients: AwsClients,
  asked: AskedService,
  { stack, alarms, declared, problems }: StatusSources,
  status: Status,
): readonly (VerifyItem | readonly VerifyItem[] | Promise<VerifyItem>)[] {
  const settings = declared && readDeclared(asked).settings;
  return [
    verifyBootstrap(asked, clients, neededBootstrap(stack?.template)),
    ...(stack ? [verifyDeployRole(clients, stack)] : []),
    problems.map((sentence) => ({ part: 'files', name: 'declared', verdict: 'not ok', sentence }) as const),
    verifyStackSettled(status),
    ...(stack
      ? [
          verifySameEverywhere(status),
          verifyAlarms(asked, alarms, status.alarms),
          verifyHealthPath(stack, access(clients, settings)),
        ]
      : []),
    ...(settings ? declaredItems(clients, settings) : []),
  ];
}

function access({ environment }: AwsClients, settings: Settings | undefined) {
  const isHonoured = settings === undefined || settings.ingress !== 'public' || settings.previewCidrs !== undefined;
  return { isHonoured: isHonoured || settings.trafficPlane !== 'load-balancer', endpoint: environment.AWS_ENDPOINT_URL };
}

// Both slots most often have the same secrets.
function declaredItems(clients: AwsClients, { slots }: Settings): readonly Promise<VerifyItem>[] {
  const secrets = new Map(
    slotNames.flatMap((slot) => Object.entries(slots[slot].appSecrets)).map((entry) => [entry.join('='), entry]),
  );
  return [
    ...slotNames.map((slot) => verifyImage(clients, slot, slots[slot].image)),
    ...[...secrets.values()].map(([variable, place]) => verifySecret(clients, variable, place)),
  ];
}

function exitCodeOf(items: readonly VerifyItem[]): ExitCode {
  return items.some(({ verdict }) => verdict === 'not ok') ? exitCodes.refused : exitCodes.done;
}
