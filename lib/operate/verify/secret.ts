import { secretReference } from '../../settings/secret-references';
import { type AwsClients, awsClients } from '../aws-clients';
import { type Found, looked, notFound } from './looked';
import type { VerifyItem } from './verify-item';

/**
 * Whether a secret variable has a secret, or a parameter, to be read from. Its value is never asked for where it is secret, and never shown.
 *
 * @param variable its name
 * @param place where its value is kept, as `secretReference` reads it
 */
export function verifySecret(
  { environment }: Pick<AwsClients, 'environment'>,
  variable: string,
  place: string,
): Promise<VerifyItem> {
  return looked({ part: 'secrets', name: variable }, async () => {
    const reference = secretReference(place);
    if (reference === undefined) {
      return ['not ok', 'got a place that is none; see appSecrets'];
    }
    const { kept, by, text } = reference;
    const clients = by === 'name' ? awsClients(environment) : awsClients({ ...environment, AWS_REGION: text.split(':')[3] });
    return kept === 'secret' ? secretFound(clients, text) : parameterFound(clients, text);
  });
}

async function secretFound({ secretsManager }: AwsClients, text: string): Promise<Found> {
  const { DescribeSecretCommand } = await import('@aws-sdk/client-secrets-manager');
  const secret = await notFound('ResourceNotFoundException', secretsManager.send(new DescribeSecretCommand({ SecretId: text })));
  if (secret === undefined) {
    return ['not ok', `secret ${text}: is not there; make it, or name another one in appSecrets`];
  }
  return secret.DeletedDate
    ? ['not ok', `secret ${text}: is to be deleted; aws secretsmanager restore-secret --secret-id ${text}`]
    : ['ok', `secret ${text} is there`];
}

async function parameterFound({ ssm }: AwsClients, text: string): Promise<Found> {
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const found = await notFound('ParameterNotFound', ssm.send(new GetParameterCommand({ Name: text, WithDecryption: false })));
  return found === undefined
    ? ['not ok', `parameter ${text}: is not there; make it, or name another one in appSecrets`]
    : ['ok', `parameter ${text} is there`];
}
