import { withPlaceholders } from './environment-variables';

// The rest is for what else is in a task definition: names, images, health checks and logs of up to three containers.
const mostBytes = 56 * 1024;

// The longest that a slot and a port can be.
const longest = { SLOT: 'a'.repeat(20), PORT: '65535' };

// What a name gets in front.
const longestArnOfName = 'arn:aws-us-gov:secretsmanager:ap-southeast-1:123456789012:secret:';

/**
 * What is wrong with the size of an environment, in words that follow the name of the setting; `undefined` if ECS takes it.
 *
 * It counts as it stands in the task definition: as JSON in UTF-8, with the placeholders replaced, together with the commands and with where the secrets are kept.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export function environmentSizeProblem(
  variables: Readonly<Record<string, string>>,
  commandWords: readonly string[],
  secrets: Readonly<Record<string, string>>,
): string | undefined {
  const list = Object.entries(withPlaceholders(variables, longest)).map(([name, value]) => ({ name, value }));
  const references = Object.entries(secrets).map(([name, text]) => ({ name, valueFrom: `${longestArnOfName}${text}` }));
  const bytes = Buffer.byteLength(JSON.stringify([list, commandWords, references]));
  return bytes > mostBytes
    ? `got ${bytes} bytes with the commands and the places of secrets, expected at most ${mostBytes} bytes, as JSON, since ECS takes a task definition of 64 KiB; ` +
        'keep long values elsewhere, such as in a file of the image'
    : undefined;
}
