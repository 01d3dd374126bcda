import { Duration, aws_ecs as ecs } from 'aws-cdk-lib';
import { planeLimits } from '../release/plane-limits';
import { containerLog } from './container-log';
import type { SidecarProps } from './sidecar';

/** The user id of the sidecars, whose own traffic is not led through Envoy. */
export const envoyUser = planeLimits['app-mesh'].reservedUserIds[0];

/** Port on which Envoy takes the requests for the app. */
const ingressPort = 15000;

/** Port on which Envoy takes the requests of the app. */
const egressPort = 15001;

/** Addresses of the task's credentials and of the instance metadata, which must not go through the mesh. */
const metadataAddresses = ['169.254.170.2', '169.254.169.254'];

const adminPort = 9901;

/** The proxy configuration that leads the traffic of an app container through the Envoy beside it. */
export function envoyProxyConfiguration(appPort: number): ecs.ProxyConfiguration {
  return new ecs.AppMeshProxyConfiguration({
    containerName: 'envoy',
    properties: {
      appPorts: [appPort],
      ignoredUID: envoyUser,
      proxyIngressPort: ingressPort,
      proxyEgressPort: egressPort,
      egressIgnoredIPs: metadataAddresses,
    },
  });
}

/** Adds an Envoy beside an app container, which waits for it. */
export function addEnvoySidecar(
  task: ecs.FargateTaskDefinition,
  app: ecs.ContainerDefinition,
  resourceArn: string,
  props: SidecarProps,
): void {
  const envoy = addEnvoy(task, resourceArn, props, {
    user: `${envoyUser}`,
    logging: containerLog(props.logGroup, task.family),
    environment: { ENABLE_ENVOY_XRAY_TRACING: '1' },
  });
  app.addContainerDependencies({ container: envoy, condition: ecs.ContainerDependencyCondition.HEALTHY });
}

/** Adds an Envoy that stands alone and listens itself, as a virtual gateway. */
export function addEnvoyGateway(task: ecs.FargateTaskDefinition, port: number, resourceArn: string, props: SidecarProps): void {
  addEnvoy(task, resourceArn, props, {
    logging: containerLog(props.logGroup, 'gateway'),
    portMappings: [{ containerPort: port }],
  });
}

function addEnvoy(
  task: ecs.FargateTaskDefinition,
  resourceArn: string,
  props: SidecarProps,
  options: Pick<ecs.ContainerDefinitionOptions, 'user' | 'logging' | 'environment' | 'portMappings'>,
): ecs.ContainerDefinition {
  const envoy = task.addContainer('envoy', {
    image: props.image,
    essential: true,
    cpu: props.cpu,
    memoryReservationMiB: props.memoryReservationMiB,
    ...options,
    environment: { APPMESH_RESOURCE_ARN: resourceArn, ENVOY_LOG_LEVEL: 'info', ...options.environment },
    healthCheck: {
      command: ['CMD-SHELL', `curl -s http://localhost:${adminPort}/server_info | grep state | grep -q LIVE`],
      startPeriod: Duration.seconds(10),
      interval: Duration.seconds(5),
      timeout: Duration.seconds(2),
      retries: 3,
    },
  });
  // Envoy holds two sockets per request; at the default limit it ends with a crash under load.
  envoy.addUlimits({ name: ecs.UlimitName.NOFILE, softLimit: 15000, hardLimit: 15000 });
  return envoy;
}
