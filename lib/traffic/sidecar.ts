import type { aws_ecs as ecs, aws_logs as logs } from 'aws-cdk-lib';

/** Where a sidecar container takes its image, its resources and its logs from. */
export interface SidecarProps {
  readonly image: ecs.ContainerImage;

  /** CPU units, 1 or more. */
  readonly cpu: number;

  /** Soft memory limit in MiB, 6 or more. */
  readonly memoryReservationMiB: number;

  readonly logGroup: logs.ILogGroup;
}

/** What one slot has otherwise of a sidecar. What is left out is as on the traffic plane. */
export interface SidecarOverride {
  /**
   * Image of the container.
   *
   * @default - that of the traffic plane
   */
  readonly image?: ecs.ContainerImage;

  /**
   * CPU units, 1 or more.
   *
   * @default - those of the traffic plane
   */
  readonly cpu?: number;

  /**
   * Soft memory limit in MiB, 6 or more.
   *
   * @default - that of the traffic plane
   */
  readonly memoryReservationMiB?: number;
}
