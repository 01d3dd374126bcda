import { isNativeError } from 'node:util/types';

const noCredentials =
  'credentials: got none, expected some; sign in, such as with aws sso login, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/** Sentences by what an error of the SDK is called: of what is wrong with who asks, and not with what is asked. */
const byName: readonly (readonly [RegExp, (action: string, error: Error) => string])[] = [
  [
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenProviderError)$/,
    (_, { message }) => `credentials: got expired ones, expected valid ones; sign in again: ${inOneLine(message)}`,
  ],
  [
    /^(CredentialsProviderError)$/,
    (_, { message }) =>
      /expired/i.test(message)
        ? `credentials: got expired ones, expected valid ones; sign in again: ${inOneLine(message)}`
        : noCredentials,
  ],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature)$/,
    (_, { message }) => `credentials: got some that AWS does not know, expected those of the account; ${inOneLine(message)}`,
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnauthorizedAccess|AuthorizationError)$/,
    (action, { message }) => `${action}: got access denied, expected a role that may do it; ${inOneLine(message)}`,
  ],
];

/** Asked too often, or something is wrong on the other side. */
const tooMuch =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown|BandwidthLimitExceeded)$/;

/** Where no answer comes from. */
const unreachable = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/**
 * Why AWS was not asked, or did not answer, in words; `undefined` when the error is about something else, which only who asked can explain.
 *
 * @param error of a client of the SDK
 * @param action as a policy names it, such as `ecs:DescribeServices`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
export function awsProblem(error: unknown, action: string): string | undefined {
  if (!isNativeError(error)) {
    return undefined;
  }
  if (isLost(error)) {
    const { hostname, address, port } = error as Error & Readonly<Record<string, string | number | undefined>>;
    const cause = causeOf(error);
    const host = hostname ?? (address === undefined ? '' : `${address}:${port}`);
    return `${action}: got no answer${host ? ` from ${host}` : ''} (${cause || error.name}), expected one; look at the network, AWS_REGION and AWS_ENDPOINT_URL`;
  }
  if (isTooMuch(error)) {
    return `${action}: got ${error.name} (${inOneLine(error.message)}), expected an answer; try again in a minute`;
  }
  if (/^Region is missing/.test(error.message)) {
    return 'AWS_REGION: got none, expected a Region such as eu-central-1; set it, or AWS_PROFILE';
  }
  return byName.find(([name]) => name.test(error.name))?.[1](action, error);
}

/** Whether the same call may get an answer in a moment. */
export function mayPass(error: unknown): boolean {
  return isNativeError(error) && (isLost(error) || isTooMuch(error));
}

/** What AWS said, in words; `undefined` when the error is none of AWS, but a fault of this program. */
export function answerInWords(error: unknown): string | undefined {
  return isNativeError(error) && '$metadata' in error ? `AWS: got ${error.name}: ${inOneLine(error.message)}` : undefined;
}

function isLost(error: Error): boolean {
  return unreachable.test(causeOf(error)) || error.name === 'TimeoutError';
}

function isTooMuch(error: Error): boolean {
  return tooMuch.test(error.name) || (error as Error & { readonly $fault?: string }).$fault === 'server';
}

function causeOf(error: Error): string {
  const { code, errno } = error as Error & Readonly<Record<string, string | number | undefined>>;
  return `${code ?? errno ?? ''}`;
}

function inOneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
