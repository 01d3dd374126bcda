import type { RequestTry } from '../envoy/answered-request';
import type { AccessLogFormat } from '../routes/mesh-access-log';

/**
 * Writes what Envoy would write of a request. An operator that is not known here has no value, as one whose value Envoy does not know.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */
export function accessLogLine(format: AccessLogFormat, request: RequestTry): string {
  if (typeof format === 'string') {
    return textOf(format, request).trimEnd();
  }
  return JSON.stringify(Object.fromEntries(Object.entries(format).map(([key, value]) => [key, typedValue(value, request)])));
}

const operator = /%(?:([A-Z][A-Z0-9_]*)(?:\(([^)]*)\))?(?::(\d+))?)?%/g;
const onlyOperator = new RegExp(`^${operator.source}$`);

// One operator alone keeps its type.
function typedValue(format: string, request: RequestTry): string | number | null {
  const [, name, argument, length] = onlyOperator.exec(format) ?? [];
  if (name === undefined) {
    return textOf(format, request);
  }
  const value = measured(name, argument, request) ?? null;
  return typeof value === 'string' && length !== undefined ? value.slice(0, Number(length)) : value;
}

function textOf(format: string, request: RequestTry): string {
  return format.replace(operator, (_, name?: string, argument?: string, length?: string) => {
    if (name === undefined) {
      return '%';
    }
    const text = `${measured(name, argument, request) ?? '-'}`;
    return length === undefined ? text : text.slice(0, Number(length));
  });
}

function measured(name: string, argument: string | undefined, request: RequestTry): string | number | undefined {
  const { startedAt, durationMs, status, flags, details, target, port, upstreamMs } = request;
  switch (name) {
    case 'START_TIME':
      // In a format of its own it is not known here.
      return argument === undefined ? new Date(startedAt).toISOString() : undefined;
    case 'DURATION':
      return durationMs;
    case 'RESPONSE_CODE':
      return status;
    case 'RESPONSE_FLAGS':
      return flags.join(',') || '-';
    case 'RESPONSE_CODE_DETAILS':
      return details || undefined;
    case 'PROTOCOL':
      return request.protocol;
    case 'BYTES_RECEIVED':
      return request.bytesReceived;
    case 'BYTES_SENT':
      return request.bytesSent;
    case 'UPSTREAM_CLUSTER':
      return target;
    case 'UPSTREAM_HOST':
      return port === undefined ? undefined : `127.0.0.1:${port}`;
    case 'REQ':
      return firstOf(argument, (header) => requestHeader(header, request));
    case 'RESP':
      return firstOf(argument, (header) => (header === 'X-ENVOY-UPSTREAM-SERVICE-TIME' ? upstreamMs : undefined));
    default:
      return undefined;
  }
}

// Two headers with a question mark between them: the second one where there is no first.
function firstOf<T>(headers: string | undefined, read: (header: string) => T | undefined): T | undefined {
  const values = (headers ?? '').split('?').map((header) => read(header.toUpperCase()));
  return values.find((value) => value !== undefined);
}

function requestHeader(header: string, request: RequestTry): string | undefined {
  switch (header) {
    case ':METHOD':
      return request.method;
    case ':PATH':
    case 'X-ENVOY-ORIGINAL-PATH':
      return request.path;
    case ':AUTHORITY':
    case 'HOST':
      return request.host;
    case 'USER-AGENT':
      return request.agent;
    case 'X-REQUEST-ID':
      return request.requestId;
    case 'X-FORWARDED-FOR':
      return request.forwardedFor;
    default:
      return undefined;
  }
}
