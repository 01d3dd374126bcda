// From context to checked settings. This room alone knows the names of the keys and reads context; it does not know the CDK.

import type { IngressName, PlaneName } from '../release/plane-limits';
import type { SlotName } from '../release/slots';

/**
 * What the context says about one version of the app: all that lands in its task definition, its
 * health check, and what its tasks run on.
 *
 * It is said of the app, and may be said otherwise of a slot, so that it can be released like an image.
 */
export interface VersionSettings {
  readonly appPort: number;
  readonly appMemory: number | undefined;
  readonly healthcheckPath: string;
  readonly appEnvironment: Readonly<Record<string, string>>;

  /** `undefined`: that of the image. */
  readonly appCommand: readonly string[] | undefined;

  /** In the form that ECS takes, which begins with `CMD` or `CMD-SHELL`; `undefined`: the container does not check itself. */
  readonly appHealthCheckCommand: readonly string[] | undefined;

  /** By the name of the variable: where its value is kept, in the words of `secretReference`. */
  readonly appSecrets: Readonly<Record<string, string>>;

  /** `undefined`: that of the image. */
  readonly appUser: string | undefined;
  readonly appReadonlyRootFilesystem: boolean;
  readonly appStopTimeout: number;
  readonly spotPercent: number;
  readonly cpuArchitecture: 'X86_64' | 'ARM64';
  readonly platformVersion: string;
  readonly taskCpu: number;
  readonly taskMemory: number;

  /** `undefined`: a new one. */
  readonly logGroupName: string | undefined;
  readonly envoyImage: string;
  readonly envoyCpu: number;
  readonly envoyMemoryReservation: number;
  readonly xrayImage: string;
  readonly xrayCpu: number;
  readonly xrayMemoryReservation: number;
}

/**
 * What the context says about how many tasks a slot has: as many as its load asks for, between two bounds. It is no part of a version,
 * and may change while the slot answers requests.
 */
export interface ScalingSettings {
  readonly minTasks: number | undefined;

  /** `undefined`: the slot does not scale. */
  readonly maxTasks: number | undefined;
  readonly scaleAtCpu: number | undefined;
  readonly scaleAtRequests: number | undefined;
}

/** What is said of the app, and may be said otherwise of a slot. */
export type PerSlotSettings = VersionSettings & ScalingSettings;

/** What the context says about one slot. Of what the app says too it holds what counts: what is said of the slot, else of the app. */
export interface SlotSettings extends VersionSettings, ScalingSettings {
  /** Whether the slot exists. */
  readonly active: boolean;

  /** Share of the requests, relative to the other active slot. Whole number; the traffic plane sets the upper bound. */
  readonly weight: number;

  /** Container image of the app in this slot. */
  readonly image: string;

  /** Label of the slot in physical names, with which the value of the preview header begins. */
  readonly name: string;
}

/**
 * What the context says about the app as a whole.
 *
 * One property per context key. Units, ranges and defaults are in the table of keys, `keys.ts`, from which the
 * table in docs/keys.md is made too.
 */
export interface AppSettings extends VersionSettings, ScalingSettings {
  /** `undefined`: there are no stages. */
  readonly stage: string | undefined;
  readonly trafficPlane: PlaneName;

  /** Of a stage, with its name behind it: `sample-prod`. */
  readonly appName: string;
  readonly healthcheckInterval: number;
  readonly healthcheckTimeout: number;
  readonly healthcheckHealthyThreshold: number;
  readonly healthcheckUnhealthyThreshold: number;
  readonly healthcheckGracePeriod: number;
  readonly previewHeader: string | undefined;
  readonly previewToken: string | undefined;
  readonly previewPrincipals: readonly string[] | undefined;
  readonly previewCidrs: readonly string[] | undefined;
  readonly desiredCount: number;
  readonly maximumPercent: number | undefined;
  readonly exec: boolean;

  /** Of a stage, with its name in front: `prod.svc.local`. */
  readonly namespaceName: string;
  readonly ingress: IngressName;
  readonly ingressCidrs: readonly string[] | undefined;
  readonly idleTimeout: number;
  readonly deregistrationDelay: number;
  readonly accessLogBucket: string | undefined;
  readonly accessLogPrefix: string | undefined;
  readonly domainName: string | undefined;
  readonly hostedZone: string | undefined;
  readonly certificateArn: string | undefined;
  readonly listenerArn: string | undefined;
  readonly pathPrefix: string;
  readonly rulePosition: number | undefined;
  readonly latticeProtocol: 'HTTPS' | 'HTTP';
  readonly serviceNetworkId: string | undefined;
  readonly latticeAuthType: 'NONE' | 'AWS_IAM';
  readonly latticePrefixListId: string | undefined;
  readonly vpcId: string | undefined;
  readonly clusterName: string | undefined;
  readonly assignPublicIp: boolean;
  readonly logRetentionDays: number;
  readonly dashboard: boolean;
  readonly alarms: boolean;
  readonly alarmTopicArn: string | undefined;
  readonly guard: boolean;
  readonly allowUnsafe: string | undefined;
  readonly protect: boolean;
}

/** The checked context: all that the app needs to know. */
export interface Settings extends AppSettings {
  readonly slots: Readonly<Record<SlotName, SlotSettings>>;

  /** The keys whose value, or whose lack of one, is that of the stage: `prod:desiredCount`. */
  readonly stagedKeys: readonly string[];

  /** Remarks on legal but surprising input, one line each, to be shown to the user. */
  readonly notices: readonly string[];
}
