import {
  accessLogPrefixType,
  bucketNameType,
  certificateArnType,
  containerCpuType,
  containerMemoryType,
  deregistrationDelayType,
  idleTimeoutType,
  ingressCidrsType,
  latticeAuthTypeType,
  latticeProtocolType,
  namespaceNameType,
  prefixListIdType,
  previewCidrsType,
  previewHeaderType,
  previewTokenType,
  principalArns,
  serviceNetworkType,
  taskCountType,
} from '../settings/service-values';
import type { ValueType } from '../settings/value-type';
import type { TrafficPlane } from '../traffic/traffic-plane';
import { valueProblem } from './value-problem';

// By the names of the properties, which mean the same on every plane that has them.
const types = new Map<string, ValueType<unknown>>([
  ['authType', latticeAuthTypeType],
  ['accessLogBucket', bucketNameType],
  ['accessLogPrefix', accessLogPrefixType],
  ['certificate', certificateArnType],
  ['deregistrationDelay', deregistrationDelayType],
  ['desiredCount', taskCountType],
  ['idleTimeout', idleTimeoutType],
  ['ingressCidrs', ingressCidrsType],
  ['namespace', namespaceNameType],
  ['prefixListId', prefixListIdType],
  ['previewCidrs', previewCidrsType],
  ['previewHeader', previewHeaderType],
  ['previewPrincipals', principalArns],
  ['previewToken', previewTokenType],
  ['protocol', latticeProtocolType],
  ['serviceNetworkId', serviceNetworkType],
]);

// What the CDK has for a prefix list until it has asked the account, after the first synthesis.
const notLookedUp = 'pl-xxxxxxxx';

/** What is wrong with what a traffic plane was given, one line each: what the flags of the app refuse, in the same words. */
export function planeProblems({ planeName, given = {}, sidecars = [] }: TrafficPlane): string[] {
  return [
    ...Object.entries(given).flatMap(([name, value]) => {
      const type = types.get(name);
      return type && value !== notLookedUp ? valueProblem(`${name} of ${planeName}`, value, type) : [];
    }),
    ...sidecars.flatMap(({ name, cpu, memoryReservationMiB }) => [
      ...valueProblem(`cpu of ${name}`, cpu, containerCpuType),
      ...valueProblem(`memoryReservationMiB of ${name}`, memoryReservationMiB, containerMemoryType),
    ]),
  ];
}
