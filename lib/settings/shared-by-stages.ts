import { appKeys, type Key } from './keys';
import type { AppSettings } from './settings';
import { stageKeyName } from './stages';
import { show } from './value-type';

/** What counts for one stage. */
export interface StageContext {
  readonly name: string;

  /** By the names of the keys without a stage. */
  readonly context: Readonly<Record<string, unknown>>;
}

type Compared = 'domainName' | 'hostedZone' | 'listenerArn' | 'pathPrefix' | 'serviceNetworkId';

/**
 * What a stage must not share with another: a record in a hosted zone, a name in a service network, and requests behind one listener,
 * where the rule of one would take those of the other. Where the plane of one of them has no use for the keys, nothing is wrong.
 *
 * @param stage the stage that is judged
 * @param others what the files say of the other stages
 */
export function sharingProblems(stage: StageContext, others: readonly StageContext[]): readonly string[] {
  return others.flatMap((other) => {
    const isSame = (key: Compared) => {
      const value = comparable(stage, key);
      return value !== undefined && value === comparable(other, key);
    };
    const isAlike = (key: Compared) => comparable(stage, key) === comparable(other, key);
    const { domainName = 'example.com', listenerArn } = stage.context;
    const example = `for example "${stageKeyName(stage.name, 'domainName')}": "${stage.name}.${domainName}" in cdk.json`;
    const got = `domainName: got ${show(domainName)}, which stage ${other.name} has, too`;
    const places = [
      ...(isSame('hostedZone') ? ['a hosted zone has one record of a name'] : []),
      ...(isSame('serviceNetworkId') ? ['a service network has one service of a name'] : []),
    ];
    return [
      ...(isSame('domainName') ? places.map((why) => `${got}, expected another, since ${why}; ${example}`) : []),
      ...(isSame('listenerArn') && isAlike('domainName') && isAlike('pathPrefix')
        ? [
            `listenerArn: got ${show(listenerArn)} with the domainName and the pathPrefix that stage ${other.name} has, expected another ` +
              `domainName or pathPrefix, so that none takes the requests of the other; ${example}`,
          ]
        : []),
    ];
  });
}

// The value where the plane of the stage has a use for it, without what makes no difference to AWS.
function comparable({ context }: StageContext, name: Compared): string | undefined {
  const plane = appKeys.trafficPlane.type(undefined).parse(context.trafficPlane ?? appKeys.trafficPlane.default('app-mesh'));
  const { planes, type, default: usual }: Key<AppSettings[Compared]> = appKeys[name];
  if (plane === undefined || planes?.includes(plane) === false) {
    return undefined;
  }
  const value = context[name] === undefined ? usual(plane) : type(plane).parse(context[name]);
  return name === 'serviceNetworkId' ? value?.split('/').at(-1) : value?.replace(/\/$/, '');
}
