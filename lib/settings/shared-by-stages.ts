import type { PlaneName } from '../release/plane-limits';
import { appKeys, type Key } from './keys';
import { stageKeyName } from './stages';
import { show } from './value-type';

/**
 * What stages must not share: a record in a hosted zone, and requests behind one listener, where the rule of one would take those of
 * another. Where the plane has no use for the keys, nothing is wrong.
 *
 * @param context what counts for the stage
 * @param sharedKeys the keys whose value the files have for all stages
 */
export function sharingProblems(
  stage: string | undefined,
  plane: PlaneName | undefined,
  context: Readonly<Record<string, unknown>>,
  sharedKeys: readonly string[],
): readonly string[] {
  if (stage === undefined || plane === undefined) {
    return [];
  }
  const isUsed = ({ planes }: Pick<Key<unknown>, 'planes'>) => planes === undefined || planes.includes(plane);
  const isShared = (key: keyof typeof appKeys) => sharedKeys.includes(key) && isUsed(appKeys[key]);
  const isOwn = (key: keyof typeof appKeys) => context[key] !== undefined && !isShared(key);
  const own = (key: string, value: string) => `for example "${stageKeyName(stage, key)}": "${value}" in cdk.json`;
  const ofDomain = own('domainName', `${stage}.example.com`);
  const problems: string[] = [];
  if (isShared('domainName') && isShared('hostedZone')) {
    problems.push(
      `domainName: got ${show(context.domainName)} for all stages, expected one for each, since a hosted zone has one record of a name; ${ofDomain}`,
    );
  }
  if (isShared('listenerArn') && !isOwn('domainName') && !isOwn('pathPrefix')) {
    problems.push(
      `listenerArn: got ${show(context.listenerArn)} for all stages, expected domainName or pathPrefix for each, so that none takes the ` +
        `requests of another; ${ofDomain}`,
    );
  }
  return problems;
}
