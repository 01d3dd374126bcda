import { parseImageName } from './image-name';

/** A private repository of Amazon ECR. */
export interface EcrRepository {
  readonly account: string;
  readonly region: string;

  /** Name of the repository. */
  readonly path: string;
}

// Each partition has its own domains, one for IPv4 and one for both: https://docs.aws.amazon.com/general/latest/gr/ecr.html
const ecrDomains = [
  'amazonaws.com',
  'on.aws',
  'amazonaws.com.cn',
  'on.amazonwebservices.com.cn',
  'amazonaws.eu',
  'on.amazonwebservices.eu',
  'c2s.ic.gov',
  'on.aws.ic.gov',
  'sc2s.sgov.gov',
  'on.aws.scloud',
  'cloud.adc-e.uk',
  'on.cloud-aws.adc-e.uk',
  'csp.hci.ic.gov',
  'on.aws.hci.ic.gov',
];

const ecrHost = new RegExp(
  `^(?<account>\\d{12})\\.dkr[.-]ecr(-fips)?\\.(?<region>[a-z0-9-]+)\\.(${ecrDomains.map((domain) => domain.replaceAll('.', '\\.')).join('|')})(:443)?$`,
);

/** The private repository of Amazon ECR that the name of an image leads to; `undefined` when it leads elsewhere. */
export function ecrRepository(imageName: string): EcrRepository | undefined {
  const { host = '', path = '' } = parseImageName(imageName) ?? {};
  const { account, region } = ecrHost.exec(host)?.groups ?? {};
  return account && region ? { account, region, path } : undefined;
}
