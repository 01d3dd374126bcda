/** What the sidecars of App Mesh get when nobody says otherwise: image, CPU units, soft memory limit in MiB. */
export const envoyDefaults = {
  image: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod',
  cpu: 32,
  memoryReservationMiB: 256,
} as const;

/** The same for the X-Ray daemon. */
export const xrayDefaults = { image: 'public.ecr.aws/xray/aws-xray-daemon:3.6.6', cpu: 32, memoryReservationMiB: 256 } as const;
