import { withPlaceholders } from './environment-variables';

// The rest is for what else is in a task definition: names, images, health checks and logs of up to three containers.
const mostBytes = 56 * 1024;

// The longest that a slot and a port can be.
const longest = { SLOT: 'a'.repeat(20), PORT: '65535' };

// What a name gets in front.
const longestArnOfName = 'arn:aws-us-gov:secretsmanager:ap-southeast-1:123456789012:secret:';

/** A setting that takes room in a task definition, under the name by which the user knows it. */
interface Named<T> {
  readonly name: string;
  readonly value: T;
}

/** What takes room in a task definition. */
export interface EnvironmentParts {
  readonly environment: Named<Readonly<Record<string, string>>>;
  readonly commands: readonly Named<readonly string[]>[];

  /** By the name of the variable: where its value is kept. */
  readonly secrets: Named<Readonly<Record<string, string>>>;
}

/**
 * What is wrong with the size of an environment; `undefined` if ECS takes it.
 *
 * It counts as it stands in the task definition: as JSON in UTF-8, with the placeholders replaced, together with the commands and with
 * where the secrets are kept.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export function environmentSizeProblem({ environment, commands, secrets }: EnvironmentParts): string | undefined {
  const list = Object.entries(withPlaceholders(environment.value, longest)).map(([name, value]) => ({ name, value }));
  const references = Object.entries(secrets.value).map(([name, text]) => ({
    name,
    valueFrom: `${longestArnOfName}${text}`,
  }));
  const words = commands.flatMap(({ value }) => value);
  const bytes = Buffer.byteLength(JSON.stringify([list, words, references]));
  if (bytes <= mostBytes) {
    return undefined;
  }
  const texts = [environment, ...commands].filter(({ value }) => Object.keys(value).length > 0);
  const places = references.length > 0 ? [secrets] : [];
  const advice = [
    ...texts.slice(0, 1).map(() => 'keep long values elsewhere, such as in a file of the image'),
    ...places.map(() => 'keep several secrets as the fields of one, which the app reads as a whole'),
  ];
  return (
    `${[...texts, ...places].map(({ name }) => name).join(', ')}: got ${bytes} bytes of JSON, expected at most ${mostBytes} together, ` +
    `since ECS takes a task definition of 64 KiB; ${advice.join(', or ')}`
  );
}
