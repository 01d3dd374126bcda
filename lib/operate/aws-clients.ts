import type { AppMeshClient } from '@aws-sdk/client-app-mesh';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import { awsProblem, mayPass } from './aws-problem';
import { NoAnswerError } from './no-answer';
import { OperateError } from './operate-error';

/**
 * Clients of the AWS services that a release asks. Each is made, and its package loaded, when it is asked for first.
 *
 * They are configured as every tool that stands on the SDK: by environment and by the shared configuration. What keeps them from asking
 * anything, such as no Region or an expired token, is an `OperateError` that says what to do.
 */
export interface AwsClients {
  /** Under which they were made. */
  readonly environment: NodeJS.ProcessEnv;

  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ecs: ECSClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly lattice: VPCLatticeClient;
  readonly appMesh: AppMeshClient;
  readonly sts: STSClient;
  readonly ssm: SSMClient;
  readonly s3: S3Client;
  readonly ecr: ECRClient;
  readonly secretsManager: SecretsManagerClient;
}

/** The packages of the clients, by what their names end with. */
interface Packages {
  readonly 'app-mesh': typeof import('@aws-sdk/client-app-mesh');
  readonly cloudformation: typeof import('@aws-sdk/client-cloudformation');
  readonly cloudwatch: typeof import('@aws-sdk/client-cloudwatch');
  readonly ecr: typeof import('@aws-sdk/client-ecr');
  readonly ecs: typeof import('@aws-sdk/client-ecs');
  readonly 'elastic-load-balancing-v2': typeof import('@aws-sdk/client-elastic-load-balancing-v2');
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly 'secrets-manager': typeof import('@aws-sdk/client-secrets-manager');
  readonly ssm: typeof import('@aws-sdk/client-ssm');
  readonly sts: typeof import('@aws-sdk/client-sts');
  readonly 'vpc-lattice': typeof import('@aws-sdk/client-vpc-lattice');
}

/**
 * Makes no call, and no client yet.
 *
 * @param environment where the configuration is read from
 */
export function awsClients(environment: NodeJS.ProcessEnv = process.env): AwsClients {
  const made = new Map<string, unknown>();
  const config = configurationOf(environment);
  const client = <T extends Client>(service: string, make: () => T): T => {
    if (!made.has(service)) {
      const added = make();
      tellInWords(added, service);
      made.set(service, added);
    }
    return made.get(service) as T;
  };
  // Loaded when they are asked for: a command needs a few of them, and each takes a tenth of a second.
  return {
    environment,
    get cloudFormation() {
      return client('cloudformation', () => new (sdk('cloudformation').CloudFormationClient)(config));
    },
    get cloudWatch() {
      return client('cloudwatch', () => new (sdk('cloudwatch').CloudWatchClient)(config));
    },
    get ecs() {
      return client('ecs', () => new (sdk('ecs').ECSClient)(config));
    },
    get loadBalancing() {
      return client('elasticloadbalancing', () => new (sdk('elastic-load-balancing-v2').ElasticLoadBalancingV2Client)(config));
    },
    get lattice() {
      return client('vpc-lattice', () => new (sdk('vpc-lattice').VPCLatticeClient)(config));
    },
    get appMesh() {
      return client('appmesh', () => new (sdk('app-mesh').AppMeshClient)(config));
    },
    get sts() {
      return client('sts', () => new (sdk('sts').STSClient)(config));
    },
    get ssm() {
      return client('ssm', () => new (sdk('ssm').SSMClient)(config));
    },
    get s3() {
      return client('s3', () => new (sdk('s3').S3Client)({ ...config, ...endpointOf(environment, '_S3') }));
    },
    get ecr() {
      return client('ecr', () => new (sdk('ecr').ECRClient)(config));
    },
    get secretsManager() {
      return client('secretsmanager', () => new (sdk('secrets-manager').SecretsManagerClient)(config));
    },
  };
}

function sdk<Name extends keyof Packages>(name: Name): Packages[Name] {
  return require(`@aws-sdk/client-${name}`);
}

// The SDK does not read the variable that the AWS command line and the CDK read, and knows no environment but that of this process.
function configurationOf(environment: NodeJS.ProcessEnv) {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  const isOther = environment !== process.env;
  return {
    ...(region ? { region } : {}),
    ...(isOther && environment.AWS_PROFILE ? { profile: environment.AWS_PROFILE } : {}),
    ...(isOther && accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
    ...endpointOf(environment),
  };
}

function endpointOf(environment: NodeJS.ProcessEnv, ofService = '') {
  const endpoint = environment[`AWS_ENDPOINT_URL${ofService}`] || environment.AWS_ENDPOINT_URL;
  return environment !== process.env && endpoint ? { endpoint } : {};
}

function tellInWords({ middlewareStack }: Client, service: string): void {
  middlewareStack.add(
    (next: (args: unknown) => Promise<unknown>, { commandName = '' }: { readonly commandName?: string }) =>
      async (args: unknown) => {
        try {
          return await next(args);
        } catch (error) {
          const problem = awsProblem(error, `${service}:${commandName.replace(/Command$/, '')}`);
          if (problem === undefined) {
            throw error;
          }
          throw mayPass(error) ? new NoAnswerError(problem) : new OperateError(problem);
        }
      },
    { step: 'initialize', priority: 'high', name: 'tellInWords' },
  );
}

/** What all clients have of the SDK. */
interface Client {
  // biome-ignore lint/suspicious/noExplicitAny: each client has types of its own, and what is added here fits all of them
  readonly middlewareStack: { add(middleware: any, options: any): void };
}
