import { reservedVariables, variableEntries, variableName } from './environment-variables';
import type { ValueType } from './value-type';

/** Where the value of a secret variable is kept. It is read when a task starts, and stands in no template. */
export interface SecretReference {
  readonly kept: 'secret' | 'parameter';

  /** By its complete ARN, or by its name in the account and Region of the stack. */
  readonly by: 'arn' | 'name';

  /** The ARN, or the name. */
  readonly text: string;

  /** Field of a secret in JSON; `undefined`: the secret as a whole. */
  readonly field: string | undefined;
}

const secretArn = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/;
const secretName = /^[\w/+=.@-]{1,512}$/;
const parameterArn = /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter(?<name>(\/[\w.-]+){1,15})$/;
const parameterName = /^(\/[\w.-]+){1,15}$/;

// A name is looked up as an ARN without the six characters that AWS puts behind it. What ends like them would be cut there.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
const endsLikeAnArn = /-[A-Za-z0-9]{6}$/;

const secretArnWithoutEnd = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}(?<!-[A-Za-z0-9]{6})(:|$)/;

const reservedParameter = /^\/(aws|ssm)(\/|$)/i;

// The whole ARN of a parameter may have 1011 characters.
const longestParameterArn = 1011;
const longestParameterName = 950;

/**
 * Where a secret is kept: a secret of AWS Secrets Manager by its name or complete ARN, with `:field` behind it for one field of its JSON;
 * or a parameter of the Parameter Store by its ARN, or by its name, which begins with `/`. Behind the field of an ARN two colons may
 * stand, as ECS writes it where no version is meant.
 *
 * @returns `undefined` for what AWS would not take
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function secretReference(text: string): SecretReference | undefined {
  const parameter = parameterReference(text);
  if (parameter) {
    return parameter;
  }
  const ofArn = /^((?:[^:]*:){6}[^:]*)(?::(.*))?$/.exec(withoutVersion(text));
  const [, whole = '', field] = ofArn ?? /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  const named = ofArn ? secretArn.test(whole) : secretName.test(whole) && !whole.startsWith('/') && !endsLikeAnArn.test(whole);
  return named && (field === undefined || /^[\w.@/+-]{1,255}$/.test(field))
    ? { kept: 'secret', by: ofArn ? 'arn' : 'name', text: whole, field }
    : undefined;
}

// What is left behind a field where ECS has no stage and no id of a version.
function withoutVersion(arn: string): string {
  return arn.replace(/^((?:[^:]*:){7}[^:]+)::$/, '$1');
}

function parameterReference(text: string): SecretReference | undefined {
  const name = parameterArn.exec(text)?.groups?.name;
  if (name !== undefined) {
    return text.length <= longestParameterArn && !reservedParameter.test(name)
      ? { kept: 'parameter', by: 'arn', text, field: undefined }
      : undefined;
  }
  return parameterName.test(text) && text.length <= longestParameterName && !reservedParameter.test(text)
    ? { kept: 'parameter', by: 'name', text, field: undefined }
    : undefined;
}

/** Secret variables of the app container, by where each is kept: an object in a JSON file, or `A=prod/db:password,B=/prod/key`. */
export const secretReferences: ValueType<Readonly<Record<string, string>>> = {
  expected:
    `variables such as A=prod/db:password,B=/prod/key or a JSON object of them, other than ${reservedVariables.join(' and ')}, each kept in ` +
    'a secret, by its complete ARN or by a name that does not end in a hyphen and six characters, or in a parameter, by its ARN or by a ' +
    'name that starts with /',
  kind: '`A=prod/db:password,B=/prod/key` or an object',
  parse: (value) => {
    const entries = variableEntries(value);
    return entries && wrongNames(entries).length === 0 ? Object.fromEntries(entries) : undefined;
  },
  // Somebody may have put the secret itself there.
  shown: (value) => {
    const entries = variableEntries(value);
    return entries && entries.length > 0 ? wrongNames(entries).join(', ') : '…';
  },
};

function wrongNames(entries: readonly (readonly [string, string])[]): string[] {
  const names = entries.map(([name]) => name);
  return entries
    .filter(
      ([name, text], index) =>
        variableName.parse(name) === undefined || secretReference(text) === undefined || names.indexOf(name) !== index,
    )
    .map(([name, text]) => {
      const shown = /^\w{1,64}$/.test(name) ? `${name}=…` : '…';
      return secretArnWithoutEnd.test(text) ? `${shown} with an ARN that lacks the hyphen and six characters at its end` : shown;
    });
}

/** What is wrong with variables and secrets together, by name; `undefined`: nothing. */
export function variablesInBothProblem(
  environment: { readonly name: string; readonly value: Readonly<Record<string, unknown>> },
  secrets: { readonly name: string; readonly value: Readonly<Record<string, unknown>> },
): string | undefined {
  const both = Object.keys(secrets.value).filter((name) => Object.hasOwn(environment.value, name));
  return both.length > 0
    ? `${environment.name}, ${secrets.name}: got ${both.join(', ')} in both, expected each variable in one of them; take it out of ${environment.name}`
    : undefined;
}
