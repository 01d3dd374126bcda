import {
  Duration,
  aws_ecs as ecs,
  aws_logs as logs,
  aws_ecs_patterns as patterns,
  RemovalPolicy,
  Size,
  type Stack,
  Tags,
} from 'aws-cdk-lib';

/**
 * Blue/green services as somebody would write them with the CDK's own patterns: one for each slot, with what ours have, as far as the
 * patterns have a place for it. A pattern makes a load balancer of its own.
 */
export function patternServices(stack: Stack, cluster: ecs.ICluster, image: ecs.ContainerImage, count: number): void {
  for (let index = 0; index < count; index += 1) {
    for (const slot of ['blue', 'green']) {
      patternService(stack, cluster, image, `service-${index}`, slot);
    }
  }
}

function patternService(stack: Stack, cluster: ecs.ICluster, image: ecs.ContainerImage, name: string, slot: string): void {
  const id = `${name}-${slot}`;
  const { service, targetGroup } = new patterns.ApplicationLoadBalancedFargateService(stack, id, {
    cluster,
    serviceName: id,
    idleTimeout: Duration.seconds(60),
    assignPublicIp: true,
    cpu: 256,
    memoryLimitMiB: 512,
    desiredCount: 1,
    platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    healthCheckGracePeriod: Duration.seconds(60),
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
    taskImageOptions: {
      family: id,
      image,
      containerPort: 8080,
      environment: { PORT: '8080', SLOT: slot },
      logDriver: ecs.LogDriver.awsLogs({
        streamPrefix: slot,
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(25),
        logGroup: new logs.LogGroup(stack, `${id}-logs`, {
          retention: logs.RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.RETAIN,
        }),
      }),
    },
  });
  targetGroup.configureHealthCheck({
    path: '/health',
    healthyHttpCodes: '200',
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 2,
    timeout: Duration.seconds(2),
    interval: Duration.seconds(5),
  });
  targetGroup.setAttribute('deregistration_delay.timeout_seconds', '30');
  Tags.of(service).add('service', name);
  Tags.of(service).add('slot', slot);
}
