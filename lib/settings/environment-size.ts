import { withPlaceholders } from './environment-variables';

// The rest is for what else is in a task definition: names, images, health checks and logs of up to three containers.
const mostBytes = 56 * 1024;

// The longest that a slot and a port can be.
const longest = { SLOT: 'a'.repeat(20), PORT: '65535' };

/**
 * What is wrong with the size of an environment, in words that follow the name of the setting; `undefined` if ECS takes it.
 *
 * It counts as it stands in the task definition: as JSON in UTF-8, with the placeholders replaced, together with the commands.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export function environmentSizeProblem(
  variables: Readonly<Record<string, string>>,
  commandWords: readonly string[],
): string | undefined {
  const list = Object.entries(withPlaceholders(variables, longest)).map(([name, value]) => ({ name, value }));
  const bytes = Buffer.byteLength(JSON.stringify([list, commandWords]));
  return bytes > mostBytes
    ? `got ${bytes} bytes with the commands, expected at most ${mostBytes} bytes, as JSON, since ECS takes a task definition of 64 KiB; ` +
        'keep long values elsewhere, such as in a file of the image'
    : undefined;
}
