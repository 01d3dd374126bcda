import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
export interface RequestRefusal {
  readonly status: 403 | 405;
  readonly reason: string;
}

/**
 * Whether a request is one that the page itself would send, or a person who opens it. Another site must not be able to read what is
 * shown, whatever name it has given to 127.0.0.1; other ports of this machine are other sites too.
 *
 * @param port on which the page is served
 * @returns `undefined`: it is
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function requestRefusal({ method = '', url = '', headers }: IncomingMessage, port: number): RequestRefusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host.toLowerCase())) {
    return { status: 403, reason: `Host: got ${host || 'none'}, expected ${hosts.join(' or ')}` };
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, reason: `method: got ${method}, expected GET or HEAD: nothing can be changed here` };
  }
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
    return { status: 403, reason: `Origin: got ${origin}, expected none, or http://${host}` };
  }
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  // A link on another page may lead here.
  const isOpened = url === '/' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isOwn || isOpened ? undefined : { status: 403, reason: `Sec-Fetch-Site: got ${site}, expected same-origin or none` };
}
