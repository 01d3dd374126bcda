import type { Duration, aws_ecs as ecs, aws_logs as logs } from 'aws-cdk-lib';

/**
 * What makes a version of the app, besides its image: all that lands in its task definition, how its health is checked, and
 * what its tasks run on.
 *
 * On the service it holds for both slots; on a slot it holds for that one, in place of what the service says. So a new variable or
 * another size is released like an image: in the slot that has no requests.
 */
export interface VersionProps {
  /**
   * TCP port of the app container, 1 to 65535 without the ports of the traffic plane's sidecars. On App Mesh, that of the service is
   * also the port by which its callers know it.
   *
   * @default - on the service 8080; on a slot that of the service
   */
  readonly port?: number;

  /**
   * Path of the HTTP health check, starting with a slash, of letters, digits and `@:%_+.~?&/=-`. An answer of 200 means healthy.
   *
   * @default - on the service `/health`; on a slot that of the service
   */
  readonly healthCheckPath?: string;

  /**
   * Command of the app container, word by word.
   *
   * @default - on the service that of the image; on a slot that of the service
   */
  readonly command?: readonly string[];

  /**
   * Command in the app container by which ECS learns whether the container is healthy, in the form of ECS: `CMD-SHELL` and a command for
   * the shell of the image, or `CMD` and a program with its arguments. It says so by exit code 0. ECS calls no task stable before that, and
   * ends one that is no longer healthy. On VPC Lattice nothing else tells ECS that a new version does not answer.
   *
   * @default - on the service none; on a slot that of the service
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
   */
  readonly healthCheckCommand?: readonly string[];

  /**
   * Task size in CPU units; only sizes that Fargate has.
   *
   * @default - on the service what fits the sidecars of the traffic plane: 512 on App Mesh, 256 on the others; on a slot that of the
   * service
   */
  readonly cpu?: number;

  /**
   * Task size in MiB; only sizes that Fargate has together with `cpu`.
   *
   * @default - on the service what fits the sidecars of the traffic plane: 1024 on App Mesh, 512 on the others; on a slot that of the
   * service
   */
  readonly memoryLimitMiB?: number;

  /**
   * Hard memory limit of the app container in MiB, 6 or more; with the sidecars of the traffic plane it fits into `memoryLimitMiB`. A
   * container that needs more is ended.
   *
   * @default - on the service 256 on App Mesh, and none on the others, where the app may use what the task has; on a slot that of the
   * service
   */
  readonly appMemoryLimitMiB?: number;

  /**
   * Environment of the app container, besides `PORT` and `SLOT`, which are always set. `{PORT}` and `{SLOT}` in a value stand for
   * what the container gets in these two. That of a slot replaces that of the service whole.
   *
   * @default - on the service nothing else; on a slot that of the service
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Secret variables of the app container, by name: a `NamedSecret`, or any other. Other than `PORT` and `SLOT`, and none that is in
   * `environment`. Those of a slot replace those of the service whole. The execution role may read those of both slots from the
   * beginning, so that turning a slot on leaves it as it is.
   *
   * @default - on the service none; on a slot those of the service
   */
  readonly secrets?: Readonly<Record<string, ecs.Secret>>;

  /**
   * User of the app container by name or number, with or without a group: such as `1000:1000`. On App Mesh not 1337, which is that of
   * the sidecars.
   *
   * @default - on the service that of the image; on a slot that of the service
   */
  readonly user?: string;

  /**
   * Whether the app container can write to its own root file system no more. ECS Exec needs that it can.
   *
   * @default - on the service false; on a slot that of the service
   */
  readonly readonlyRootFilesystem?: boolean;

  /**
   * How long the app container has to end by itself after SIGTERM, 2 to 120 seconds; on VPC Lattice 90 seconds at least, since requests
   * still come in meanwhile.
   *
   * @default - on the service 120 seconds on VPC Lattice, and 30 on the others; on a slot that of the service
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
   */
  readonly stopTimeout?: Duration;

  /**
   * Processor for which the images of a task are built, those of the traffic plane's sidecars included.
   *
   * @default - on the service `CpuArchitecture.X86_64`; on a slot that of the service
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * Fargate platform version.
   *
   * @default - on the service `FargatePlatformVersion.VERSION1_4`; on a slot that of the service
   */
  readonly platformVersion?: ecs.FargatePlatformVersion;

  /**
   * What the tasks run on: `FARGATE`, `FARGATE_SPOT`, or a mixture, at least one of them with a weight of 1 or more. The cluster must
   * have these capacity providers; the ECS services wait until it has. Another choice starts all tasks of the slot anew. To give this to
   * a slot that had none, or to take it away, makes a new ECS service; on App Mesh, where its name is taken, turn the slot off first.
   *
   * @default - on the service `FARGATE` as a launch type, which every cluster has; on a slot that of the service
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
   */
  readonly capacityProviderStrategies?: readonly ecs.CapacityProviderStrategy[];

  /**
   * Log group of the app container.
   *
   * @default - on the service a new one; on a slot that of the service
   */
  readonly logGroup?: logs.ILogGroup;
}
