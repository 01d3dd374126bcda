import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import { cdkCommand } from '../typed-command';
import { looked, notFound } from './looked';
import type { VerifyItem } from './verify-item';

/** What the CDK takes where a template does not say otherwise. */
const usual = { parameter: '/cdk-bootstrap/hnb659fds/version', least: 6 };

/** Where the version of a bootstrap is kept, and which one a template needs at least. */
export interface NeededBootstrap {
  readonly parameter: string;
  readonly least: number;
}

/**
 * What a template says of the bootstrap that it needs.
 *
 * @param template in JSON; `undefined`: nothing is deployed yet
 */
export function neededBootstrap(template: string | undefined): NeededBootstrap {
  const { Parameters, Rules } = JSON.parse(template ?? '{}') as {
    readonly Parameters?: Readonly<Record<string, { readonly Default?: string } | undefined>>;
    readonly Rules?: Readonly<
      Record<string, { readonly Assertions?: readonly { readonly AssertDescription?: string }[] } | undefined>
    >;
  };
  const [assertion] = Rules?.CheckBootstrapVersion?.Assertions ?? [];
  const least = /version (\d+) required/.exec(assertion?.AssertDescription ?? '')?.[1];
  return { parameter: Parameters?.BootstrapVersion?.Default ?? usual.parameter, least: least ? Number(least) : usual.least };
}

/** Whether the account and the Region are bootstrapped for the CDK, and new enough. */
export async function verifyBootstrap(
  asked: AskedService,
  { ssm }: Pick<AwsClients, 'ssm'>,
  { parameter, least }: NeededBootstrap,
): Promise<VerifyItem> {
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const mend = [cdkCommand(asked, 'bootstrap')];
  return looked({ part: 'account', name: 'bootstrap' }, async () => {
    const answer = await notFound('ParameterNotFound', ssm.send(new GetParameterCommand({ Name: parameter })));
    const version = answer?.Parameter?.Value;
    if (version === undefined) {
      return ['not ok', `parameter ${parameter}: is not there, expected one of version ${least} or later`, mend];
    }
    return Number(version) >= least
      ? ['ok', `version ${version}, needed: ${least} or later`]
      : ['not ok', `version: got ${version}, expected ${least} or later`, mend];
  });
}
