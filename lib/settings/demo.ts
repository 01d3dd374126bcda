import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlaneName, planeNames } from '../release/plane-limits';
import type { SlotName } from '../release/slots';
import { parseImageName } from './image-name';

/**
 * What the slots run until they are given images: Node.js, in two versions, with a small server as its command. From a registry of AWS,
 * which every task can reach, and which does not count who pulls.
 *
 * @see https://gallery.ecr.aws/docker/library/node
 */
export const demoImages: Readonly<Record<SlotName, string>> = {
  blue: 'public.ecr.aws/docker/library/node:24.18.0-alpine3.23',
  green: 'public.ecr.aws/docker/library/node:24.19.0-alpine3.24',
};

// For how long the demo answers after ECS has told it to end. ECS waits until a load balancer sends nothing any more; VPC Lattice drains
// for about a minute, and there a task has two to end; elsewhere it has 30 s.
const lingerSeconds: Readonly<Record<PlaneName, number>> = { 'app-mesh': 15, 'load-balancer': 0, lattice: 90 };

const server = demoServer();

/** The command of a container with one of these images. */
export function demoCommand(plane: PlaneName = planeNames[0]): readonly string[] {
  return ['node', '-e', server, `${lingerSeconds[plane]}`];
}

/** The same server as a process of this machine: there it is out of the routes before it is told to end. */
export const localDemoCommand: readonly string[] = [process.execPath, '-e', server, '0'];

/** How such a container checks itself, in the form that ECS takes: with less work than to start a second Node.js every few seconds. */
export const demoHealthCheckCommand: readonly string[] = ['CMD-SHELL', 'wget -q -O /dev/null "http://127.0.0.1:$PORT/"'];

/** Whether a slot with this image runs the demo unless it is given a command: any version of it, which would do nothing by itself. */
export function isDemo(image: string): boolean {
  const repository = JSON.stringify(parseImageName(image));
  return Object.values(demoImages).some((each) => JSON.stringify(parseImageName(each)) === repository);
}

// A container need not carry the remarks.
function demoServer(): string {
  return readFileSync(join(__dirname, 'demo-server.js'), 'utf8')
    .replace(/^ *\/[/*].*\n/gm, '')
    .trim();
}
