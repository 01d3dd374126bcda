import { type AwsClients, awsClients } from '../../lib/operate/aws-clients';
import { served } from './loopback-server';

/** A revision of a task definition, as ECS has it. */
export interface Revision {
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly image: string;
}

/** An answer of ECS that is an error. */
export interface EcsError {
  readonly __type: string;
  readonly message: string;
}

/** What somebody asks ECS in which there are these task definitions, by `FAMILY:REVISION`; gives back how often ECS was asked as well. */
export async function withTaskDefinitions<T>(
  revisions: Readonly<Record<string, Revision>>,
  ask: (clients: AwsClients) => Promise<T>,
  errors: Readonly<Record<string, EcsError>> = {},
): Promise<{ readonly answer: T; readonly calls: number }> {
  let calls = 0;
  const nameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
  const answers: Readonly<Record<string, (asked: Record<string, string>) => object>> = {
    ListTaskDefinitions: ({ familyPrefix = '', status }) => ({
      taskDefinitionArns: Object.keys(revisions)
        .filter((name) => name.startsWith(familyPrefix) && revisions[name]?.status === status)
        .map((name) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/${name}`),
    }),
    DescribeTaskDefinition: ({ taskDefinition = '' }) => ({
      taskDefinition: {
        containerDefinitions: [
          { name: 'envoy', image: 'envoy' },
          { name: 'app', image: revisions[nameOf(taskDefinition)]?.image },
        ],
      },
    }),
  };
  const answer = await served(
    async (request, response) => {
      calls += 1;
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      const action = `${request.headers['x-amz-target']}`.split('.').at(-1) ?? '';
      const error = errors[action];
      response.statusCode = error ? 400 : 200;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify(error ?? answers[action]?.(JSON.parse(body))));
    },
    (port) =>
      ask(
        awsClients({
          AWS_REGION: 'eu-central-1',
          AWS_ACCESS_KEY_ID: 'key',
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        }),
      ),
  );
  return { answer, calls };
}
