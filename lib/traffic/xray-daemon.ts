import { aws_ecs as ecs, aws_iam as iam } from 'aws-cdk-lib';
import { containerLog } from './container-log';
import { envoyUser } from './envoy';
import type { SidecarProps } from './sidecar';

/** Adds the X-Ray daemon, to which Envoy sends its traces. */
export function addXrayDaemon(task: ecs.FargateTaskDefinition, props: SidecarProps): void {
  task.addContainer('xray', {
    image: props.image,
    // Traces may get lost; the app must not go down with them.
    essential: false,
    user: `${envoyUser}`,
    cpu: props.cpu,
    memoryReservationMiB: props.memoryReservationMiB,
    portMappings: [{ containerPort: 2000, protocol: ecs.Protocol.UDP }],
    // Only the Envoy of the same task may send; -o: there is no instance metadata to ask on Fargate.
    entryPoint: ['/xray', '-t', '127.0.0.1:2000', '-b', '127.0.0.1:2000', '-o'],
    logging: containerLog(props.logGroup, task.family),
  });
  task.addToTaskRolePolicy(
    new iam.PolicyStatement({
      actions: [
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:GetSamplingStatisticSummaries',
      ],
      resources: ['*'],
    }),
  );
}
