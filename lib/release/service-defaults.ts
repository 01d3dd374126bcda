/** What holds for a service when nobody says otherwise: for the flags and for the constructs alike. */
export const serviceDefaults = {
  /** TCP port of the app container. */
  port: 8080,
  healthCheckPath: '/health',
  healthCheckGracePeriodSeconds: 60,

  /** Tasks per slot. */
  desiredCount: 1,

  /** Fargate platform version. */
  platformVersion: '1.4.0',
  cpuArchitecture: 'X86_64',
  logRetentionDays: 30,
} as const;

/** What holds for a slot that scales when nobody says otherwise. */
export const scalingDefaults = {
  minCapacity: 1,

  /**
   * AWS waits 300 s for a metric to show what new tasks did. A weight that rises in steps sends more requests at once, and what a slot
   * with too few tasks answers late or not at all would be taken for the new version's fault.
   */
  scaleOutCooldownSeconds: 60,
} as const;

/** What holds for a load balancer when nobody says otherwise. */
export const trafficDefaults = {
  idleTimeoutSeconds: 60,

  /** As long as ECS leaves a task to end by itself: with AWS's 300 s every step that stops tasks would take five minutes. */
  deregistrationDelaySeconds: 30,
} as const;
