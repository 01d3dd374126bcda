import type { Resource } from '../template/template';
import type { ContainerLog, DeployedService } from './deployed-services';

/** The access log that the Envoy of a virtual node, or of a gateway, writes into the log of its container. */
export interface MeshAccessLog {
  readonly format: AccessLogFormat;

  /** Where the log of the container goes. */
  readonly log: ContainerLog;
}

/** What is in a line: a text, or a JSON object of texts; in both, Envoy's operators such as `%DURATION%` stand for what was measured. */
export type AccessLogFormat = string | Readonly<Record<string, string>>;

/**
 * The access log of a virtual node or a virtual gateway; `undefined`: it has none that ends up in a log group.
 *
 * @param services those whose tasks stand for it
 */
export function meshAccessLog({ properties }: Resource, services: readonly DeployedService[]): MeshAccessLog | undefined {
  const { Path, Format } = (properties as MeshProperties).Spec?.Logging?.AccessLog?.File ?? {};
  const log = services.find(({ proxyLog }) => proxyLog !== undefined)?.proxyLog;
  // Any other file stays in the container.
  if (log === undefined || (Path !== '/dev/stdout' && Path !== '/dev/stderr')) {
    return undefined;
  }
  const json = Format?.Json?.map(({ Key, Value }) => [Key, Value] as const);
  return { format: json ? Object.fromEntries(json) : (Format?.Text ?? envoyFormat), log };
}

// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
const envoyFormat =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" ' +
  '"%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"';

interface MeshProperties {
  readonly Spec?: {
    readonly Logging?: {
      readonly AccessLog?: {
        readonly File?: {
          readonly Path?: string;
          readonly Format?: {
            readonly Text?: string;
            readonly Json?: readonly { readonly Key: string; readonly Value: string }[];
          };
        };
      };
    };
  };
}
