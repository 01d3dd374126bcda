import { planeNames } from '../../lib/release/plane-limits';
import { release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { synthesize } from '../../lib/stack/synthesize';
import { type Context, freshContext, ofItsStage } from '../fresh-context';
import { lookUps } from '../stack/look-ups';
import { base, otherValuesOn, said } from '../stack/other-values';

/** A template under a name that says what it is of. */
export interface NamedTemplate {
  readonly name: string;
  readonly template: unknown;
}

/** Every state of a release, and every key with another value while both slots answer, on every plane; each template once. */
export function templates(): readonly NamedTemplate[] {
  const all = planeNames.flatMap((trafficPlane) => [
    ...release().map(({ name, state }) =>
      templateOf(`${trafficPlane}, ${name}`, { ...freshContext, ...flagsOf(state), trafficPlane }),
    ),
    ...otherValuesOn(trafficPlane).map(({ name, value, company }) =>
      templateOf(`${trafficPlane}, ${name}=${value}`, ofItsStage({ ...base, trafficPlane, ...company, ...said(name, value) })),
    ),
  ]);
  return [...new Map(all.map((each) => [JSON.stringify(each.template), each])).values()];
}

function templateOf(name: string, context: Context): NamedTemplate {
  const id = context.vpcId;
  return {
    name,
    template: synthesize(id === undefined ? context : { ...context, ...lookUps(`${id}`, { listenerArn: context.listenerArn }) })
      .template,
  };
}
