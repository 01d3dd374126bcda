import type { TrafficModel } from '../../local/routes/traffic-model';
import type { StepFindings } from '../findings';
import type { RequestResult } from '../load/load-generator';

const requestsPerSlot = 20;

/**
 * Asks each slot of a step by the preview header, if its template has one.
 *
 * @param broken the slot that was broken on purpose; it is not asked: that it fails is known
 * @param send sends one request with these headers, and waits for its answer
 */
export async function preview(
  { routes, targets }: TrafficModel,
  broken: string | undefined,
  send: (headers: Readonly<Record<string, string>>) => Promise<RequestResult>,
): Promise<StepFindings['previews']> {
  const asked = routes
    .filter(({ production }) => !production)
    .map((route) => ({
      slot: targets.find(({ name }) => name === route.targets[0]?.target)?.slot ?? '',
      headers: Object.fromEntries(route.match.headers.map(({ name, value }) => [name, value])),
    }))
    .filter(({ slot }) => slot !== broken);
  return Promise.all(
    asked.flatMap(({ slot, headers }) =>
      Array.from({ length: requestsPerSlot }, async () => ({ slot, result: await send(headers) })),
    ),
  );
}
