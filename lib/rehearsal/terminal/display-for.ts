import { LiveArea } from '../../terminal/live-area';
import { isLive, type Output } from '../../terminal/output';
import { paintFor } from '../../terminal/paint';
import type { Display } from './display';
import { LiveDisplay } from './live-display';
import { PlainDisplay } from './plain-display';

/** A display that fits where it writes to: live on a terminal, plain lines elsewhere. */
export async function displayFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Promise<Display> {
  return isLive(output, environment)
    ? new LiveDisplay(output, await LiveArea.at(output), paintFor(output, environment))
    : new PlainDisplay(output);
}
