import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand, type TaskDefinitionStatus } from '@aws-sdk/client-ecs';
import type { AwsClients } from '../aws-clients';

const statuses: readonly TaskDefinitionStatus[] = ['ACTIVE', 'INACTIVE'];

/**
 * The image with which the tasks of a family ran last; `undefined`: there never were any, or ECS does not tell any more.
 *
 * A task definition stays there when its slot is turned off: it is `INACTIVE` then.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
 */
export async function lastImage({ ecs }: Pick<AwsClients, 'ecs'>, family: string): Promise<string | undefined> {
  const found = await Promise.all(
    statuses.map(async (status) => {
      const command = new ListTaskDefinitionsCommand({ familyPrefix: family, status, sort: 'DESC' });
      return (await ecs.send(command)).taskDefinitionArns ?? [];
    }),
  );
  const newest = Math.max(...found.flat().flatMap((arn) => revisionOf(arn, family) ?? []));
  if (newest === Number.NEGATIVE_INFINITY) {
    return undefined;
  }
  try {
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: `${family}:${newest}` }));
    return taskDefinition?.containerDefinitions?.find(({ name }) => name === 'app')?.image;
  } catch (error) {
    // So it answers for one that it does not describe any more.
    if (error instanceof Error && error.name === 'ClientException') {
      return undefined;
    }
    throw error;
  }
}

// The name says it as well: arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION.
function revisionOf(arn: string, family: string): number | undefined {
  const [name, revision] = arn.slice(arn.lastIndexOf('/') + 1).split(':');
  return name === family ? Number(revision) : undefined;
}
