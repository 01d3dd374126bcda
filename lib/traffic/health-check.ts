/** When a plane calls a task healthy, the same on every plane: those of the Terraform original. */
export const healthCheck = {
  /** Good answers in a row after which a task counts as healthy. */
  healthyThreshold: 2,

  /** Bad ones in a row after which it does not. */
  unhealthyThreshold: 2,
  timeoutSeconds: 2,
  intervalSeconds: 5,
} as const;
