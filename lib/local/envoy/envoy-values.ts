/** A resource in Envoy's words. */
export type EnvoyResource = Readonly<Record<string, unknown>>;

/** What the name of every type starts with. */
export const typeUrl = 'type.googleapis.com/';

/** No limit: App Mesh raised all limits of its Envoys to the highest number; Envoy's own would refuse retries under load. */
export const unlimited = 2_147_483_647;

/** An address of this machine. */
export function socketAddress(port: number | undefined) {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}

/** A time in Envoy's words. */
export function seconds(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}
