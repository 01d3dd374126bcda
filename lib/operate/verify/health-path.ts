import { slotNames } from '../../release/slots';
import type { DeployedStack } from '../deployed/deployed-stack';
import { type Found, looked } from './looked';
import { isLoopback } from './loopback';
import type { VerifyItem } from './verify-item';

/** An app that has not answered by then, in milliseconds, is not well. */
const patienceMs = 10_000;

/** What somebody outside needs to know to ask a slot that gets no requests. */
export interface PreviewAccess {
  /** Whether the preview header is honoured from where this runs, as far as the files tell. */
  readonly isHonoured: boolean;

  /** The endpoint of AWS, where it is not the usual one. */
  readonly endpoint: string | undefined;
}

/** Whether the slot that gets no requests answers with 2xx on the path of its health check, through the preview header. */
export function verifyHealthPath(stack: DeployedStack, access: PreviewAccess): Promise<VerifyItem> {
  const idle = slotNames.find((slot) => stack.state.slots[slot] !== undefined && Number(stack.state.slots[slot]?.weight) === 0);
  return looked({ part: 'slots', name: idle ?? 'idle slot' }, async () => {
    if (idle === undefined) {
      return ['not looked at', 'no slot is on without requests'];
    }
    const { Url: url } = stack.outputs;
    const preview = stack.outputs[`${idle.charAt(0).toUpperCase()}${idle.slice(1)}Preview`];
    const [header, value] = preview?.split(': ') ?? [];
    if (url === undefined || !URL.canParse(url) || header === undefined || value === undefined) {
      return ['not looked at', 'there is no way from here to it: no Url, or no preview header'];
    }
    const isHere = isLoopback(access.endpoint);
    const prefix = `${stack.state.wayIn.pathPrefix ?? '/'}`;
    const path = `${stack.state.slots[idle]?.healthCheckPath ?? '/'}`;
    if (!isHere && !access.isHonoured) {
      return ['not looked at', 'the preview header is honoured from inside the VPC only; previewCidrs can name your address'];
    }
    if (!isBelow(path, prefix)) {
      return ['not looked at', `${path}: is not below ${prefix}, and cannot be asked for from outside`];
    }
    return answerTo(new URL(path, url), { [header]: value }, isHere || stack.state.wayIn.scheme === 'public');
  });
}

async function answerTo(url: URL, headers: Readonly<Record<string, string>>, isReachable: boolean): Promise<Found> {
  try {
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
    await answer.body?.cancel();
    return answer.ok
      ? ['ok', `${url.pathname} answers ${answer.status}`]
      : ['not ok', `${url.pathname}: answers ${answer.status}, expected 200 to 299; see the log of its tasks`];
  } catch (error) {
    const { cause, name } = error as { readonly cause?: { readonly code?: string }; readonly name: string };
    const reason = cause?.code ?? name;
    return isReachable
      ? ['not ok', `${url.href}: got no answer (${reason}), expected one; see the tasks, and who may reach it`]
      : ['not looked at', `${url.href}: cannot be reached from here (${reason})`];
  }
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '/' || path === prefix || path.startsWith(`${prefix.replace(/\/$/, '')}/`);
}
