import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SlotName } from '../release/slots';

/**
 * What the slots run until they are given images: Node.js, in two versions, with a small server as its command. From a registry of AWS,
 * which every task can reach, and which does not count who pulls.
 *
 * @see https://gallery.ecr.aws/docker/library/node
 */
export const demoImages: Readonly<Record<SlotName, string>> = {
  blue: 'public.ecr.aws/docker/library/node:22-alpine',
  green: 'public.ecr.aws/docker/library/node:24-alpine',
};

/** The command of a container with one of these images. */
export const demoCommand: readonly string[] = ['node', '-e', demoServer()];

/** How such a container checks itself, in the form that ECS takes. */
export const demoHealthCheckCommand: readonly string[] = [
  'CMD',
  'node',
  '-e',
  "fetch('http://127.0.0.1:' + process.env.PORT, { method: 'HEAD' }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))",
];

/** Whether a slot with this image runs the demo unless it is given a command. */
export function isDemo(image: string | undefined): boolean {
  return Object.values(demoImages).some((each) => each === image);
}

// A container need not carry the remarks.
function demoServer(): string {
  return readFileSync(join(__dirname, 'demo-server.js'), 'utf8')
    .replace(/^ *\/[/*].*\n/gm, '')
    .trim();
}
