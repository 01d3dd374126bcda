import { imageReference, parseImageName } from '../../settings/image-name';
import type { Found } from './looked';
import { isLoopbackHost } from './loopback';

const dockerHub = 'registry-1.docker.io';

/** A registry that has not answered by then, in milliseconds, is not looked at. */
const patienceMs = 10_000;

/** An image of one architecture or of several, as Docker and as OCI have it. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/**
 * Whether a registry has an image for everybody: its manifest is asked for, with a token for nobody where the registry wants one.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function imageInRegistry(image: string): Promise<Found> {
  const { host: named = 'docker.io', path = '' } = parseImageName(image) ?? {};
  const isDockerHub = named === 'docker.io' || named === 'index.docker.io';
  const host = isDockerHub ? dockerHub : named;
  const repository = isDockerHub && !path.includes('/') ? `library/${path}` : path;
  // As Docker has it, only a registry on this machine goes without TLS.
  const scheme = isLoopbackHost(new URL(`https://${host}`).hostname) ? 'http' : 'https';
  const url = `${scheme}://${host}/v2/${repository}/manifests/${imageReference(image)}`;
  try {
    const first = await manifest(url);
    const token = first.status === 401 ? await anonymousToken(first.headers.get('www-authenticate') ?? '', scheme) : undefined;
    return verdictOn(image, host, token === undefined ? first.status : (await manifest(url, token)).status);
  } catch (error) {
    return ['not looked at', `${image}: got no answer from ${host} (${reasonOf(error)})`];
  }
}

function verdictOn(image: string, host: string, status: number): Found {
  if (status === 200) {
    return ['ok', `${image} is there`];
  }
  if (status === 404) {
    return ['not ok', `${image}: is not there; push it, or name another one`];
  }
  return status === 401 || status === 403
    ? ['not ok', `${image}: is not there, or not for everybody to pull; push it, or name another one`]
    : ['not looked at', `${image}: got ${status} from ${host}`];
}

function manifest(url: string, token?: string): Promise<Response> {
  return fetch(url, {
    method: 'HEAD',
    headers: { accept: manifestTypes.join(', '), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(patienceMs),
  });
}

/** A token of who has no account; `undefined`: there is none. */
async function anonymousToken(challenge: string, scheme: string): Promise<string | undefined> {
  const parameters = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const realm = parameters.get('realm') ?? '';
  // A registry must not send somebody to where the token could be read on the way.
  if (!/^Bearer /i.test(challenge) || !URL.canParse(realm) || new URL(realm).protocol !== `${scheme}:`) {
    return undefined;
  }
  const url = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = parameters.get(name);
    if (value !== undefined) {
      url.searchParams.set(name, value);
    }
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
  if (!answer.ok) {
    await answer.body?.cancel();
    return undefined;
  }
  const { token, access_token: accessToken } = (await answer.json()) as Readonly<Record<string, unknown>>;
  return [token, accessToken].find((each): each is string => typeof each === 'string');
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: string }; readonly name?: string };
  return cause?.code ?? name ?? 'error';
}
