import { ecrRepository } from '../../lib/settings/ecr-repository';

test.each([
  [
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/shop:1.5.0',
    { account: '123456789012', region: 'eu-central-1', path: 'team/shop' },
  ],
  ['123456789012.dkr-ecr-fips.us-gov-west-1.on.aws/shop', { account: '123456789012', region: 'us-gov-west-1', path: 'shop' }],
  ['public.ecr.aws/docker/library/node:24', undefined],
  ['example/shop:1.5.0', undefined],
  ['no image', undefined],
])('%s', (name, expected) => expect(ecrRepository(name)).toEqual(expected));
