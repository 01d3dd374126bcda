import type { SlotName } from '../../release/slots';
import type { TaskPorts } from '../emulator/follower';
import type { AppContainer } from './app-container';

/** What runs for the images of tasks: no image is pulled. */
export interface TaskCommands {
  /** Shell commands, by image: with its tag or digest, or for all of them without. */
  readonly byImage: ReadonlyMap<string, string>;

  /** Shell commands for the images that have none, by slot. */
  readonly bySlot: Readonly<Partial<Record<SlotName, string>>>;

  /** What runs else: a program with its arguments, which takes `HOST`, `PORT` and `SLOT` from its environment. */
  readonly demo: readonly string[];

  /**
   * How the image of the demo checks itself: another command that runs in its place need not pass that.
   *
   * @default - none that is known
   */
  readonly demoHealthCheck?: readonly string[];
}

/** What runs for a container. */
export interface TaskCommand {
  /** A shell command, or a program with its arguments. */
  readonly command: string | readonly string[];

  /** Whether the health check of the container was written for it. */
  readonly isChecked: boolean;
}

/**
 * What runs for a container.
 *
 * @returns `undefined` for one that has no port and no command of its own
 */
export function taskCommand(
  { image, ports, healthCheck }: AppContainer,
  slot: SlotName | undefined,
  { byImage, bySlot, demo, demoHealthCheck }: TaskCommands,
): TaskCommand | undefined {
  const own = byImage.get(image) ?? byImage.get(withoutVersion(image)) ?? (slot && bySlot[slot]);
  if (own === undefined) {
    return ports.length === 0 ? undefined : { command: demo, isChecked: false };
  }
  const isOfDemo = demoHealthCheck !== undefined && JSON.stringify(healthCheck?.command) === JSON.stringify(demoHealthCheck);
  return { command: own, isChecked: !isOfDemo };
}

/**
 * The environment of a container's process: what this process has, without what it knows of an AWS account, then what the caller adds,
 * then that of the container, with the local ports.
 *
 * @param base such as where the APIs of AWS are
 */
export function taskEnvironment(
  { environment, secrets, ports: [first] }: AppContainer,
  ports: TaskPorts,
  base: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const port = first === undefined ? undefined : ports[first];
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  const own = Object.entries(environment).map(([name, value]) => [name, withLocalPorts(value, ports)] as const);
  return {
    ...Object.fromEntries(inherited),
    ...base,
    ...Object.fromEntries(own),
    ...secrets,
    ...(port === undefined ? {} : { PORT: `${port}` }),
    HOST: '127.0.0.1',
  };
}

/** What a container calls itself. */
const itself = ['localhost', '127.0.0.1', '0.0.0.0', '[::1]', '[::]'];

/**
 * A text with the local port in the place of each port of the container that stands by itself. The port of another host stays.
 */
export function withLocalPorts(text: string, ports: TaskPorts): string {
  // No part of a longer number, a word, a version or a name with hyphens.
  return text.replace(
    /([\w.-]+|\[[\da-f:]*\]|):(\d+)(?!\w|\.\d|-\w)|(?<![\w.:]|\w-)\d+(?!\w|\.\d|-\w)/gi,
    (found, host, port) => {
      if (port === undefined) {
        return `${ports[Number(found)] ?? found}`;
      }
      const isOwn = host === '' || itself.includes(host.toLowerCase());
      return isOwn ? `${host}:${ports[Number(port)] ?? port}` : found;
    },
  );
}

// A colon before the last slash belongs to the registry's port.
function withoutVersion(image: string): string {
  return image.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, '');
}
