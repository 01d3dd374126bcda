import { type NamedPlane, type PlaneName, planeLimits, planeNames } from '../../lib/release/plane-limits';

const code = (value: unknown) => `\`${value}\``;

const rows: readonly (readonly [string, (limits: NamedPlane) => string])[] = [
  ['weight of a slot', ({ maxWeight }) => `0 to ${maxWeight}`],
  ['sum of the weights', ({ maxWeightSum }) => `1 to ${maxWeightSum}`],
  ['seconds until a change of the route is in force', ({ settleSeconds }) => `${settleSeconds}`],
  ['`ingress`, the usual one first', ({ ingress }) => ingress.map(code).join(', ')],
  ['preview header when you name none', ({ previewHeader }) => (previewHeader === undefined ? 'none' : code(previewHeader))],
  ['task size when you name none', ({ taskSize }) => `${taskSize.cpu} CPU units, ${taskSize.memory} MiB`],
  ['in each task', ({ sidecars }) => (sidecars ? 'your app, Envoy, the X-Ray daemon' : 'your app')],
  ['ports that are taken', ({ reservedPorts }) => (reservedPorts.length === 0 ? 'none' : reservedPorts.map(code).join(', '))],
];

/** What each plane accepts, and what holds on it when nobody says otherwise. */
export function planeTable(): string {
  const cells = (text: (plane: PlaneName) => string) => planeNames.map(text).join(' | ');
  return [
    `| | ${cells(code)} |`,
    `|---|${planeNames.map(() => '---|').join('')}`,
    ...rows.map(([what, text]) => `| ${what} | ${cells((plane) => text(planeLimits[plane]))} |`),
  ].join('\n');
}
