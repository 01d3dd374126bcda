import { readSettings } from '../../lib/settings/read-settings';
import type { Context } from '../fresh-context';
import { problemsOf, state } from './context';

const domainName = 'shop.example.com';
const hostedZone = 'Z0123456789ABCDEFGHIJ';
const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const listenerArn =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shared/0123456789abcdef/0123456789abcdef';
const vpcId = 'vpc-0123456789abcdef0';
const http = { latticeProtocol: 'HTTP' };

const zoneAlone = `hostedZone: got "${hostedZone}", expected none without domainName, for which it is; for example "domainName": "shop.example.com" in cdk.json`;
const certificateAlone =
  'certificateArn: got "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-12345…, expected none without domainName, ' +
  'for which it is; for example "domainName": "shop.example.com" in cdk.json';
const uncertified = `domainName: got "${domainName}", expected hostedZone or certificateArn with it, without which no HTTPS call by that name succeeds; for example "hostedZone": "${hostedZone}" in cdk.json`;

const contextOf = (trafficPlane: string, flags: Context): Context => ({ ...state, trafficPlane, ...flags });

test.each<[string, Context, readonly string[]]>([
  ['load-balancer', { domainName, hostedZone }, []],
  ['load-balancer', { domainName, certificateArn }, []],
  ['load-balancer', { domainName, hostedZone, certificateArn }, []],
  ['load-balancer', { domainName }, [uncertified]],
  ['load-balancer', { hostedZone, certificateArn }, [zoneAlone, certificateAlone]],
  ['load-balancer', { listenerArn, vpcId, domainName }, []],
  ['load-balancer', { listenerArn, vpcId, domainName, hostedZone }, []],
  ['load-balancer', { listenerArn, vpcId, pathPrefix: '/shop', hostedZone }, [zoneAlone]],
  ['load-balancer', { listenerArn, vpcId, pathPrefix: '/shop', certificateArn }, []],
  ['lattice', { domainName, hostedZone }, []],
  ['lattice', { domainName }, [uncertified]],
  ['lattice', { certificateArn }, [certificateAlone]],
  ['lattice', { ...http, domainName }, []],
  ['lattice', { ...http, hostedZone, certificateArn }, [zoneAlone]],
  ['app-mesh', { hostedZone, certificateArn }, []],
  ['app-mesh', { domainName }, []],
  ['no plane', { hostedZone }, []],
])('on %s, %j', (trafficPlane, flags, problems) => {
  expect(problemsOf(contextOf(trafficPlane, flags)).filter((problem) => !problem.startsWith('trafficPlane'))).toEqual(problems);
});

test('a listener that is there already needs the VPC, and a name or a path', () => {
  expect(problemsOf(contextOf('load-balancer', { listenerArn }))).toEqual([
    expect.stringMatching(
      /^listenerArn: got "arn:.*, expected vpcId with it, the VPC of its load balancer; for example "vpcId": "vpc-/,
    ),
    expect.stringMatching(
      /^listenerArn: got "arn:.*, expected domainName or pathPrefix with it, so that the service takes no requests of others; for example "domainName": "shop\.example\.com" in cdk\.json$/,
    ),
  ]);
});

test('a name that is wrong by itself is one problem', () => {
  const flags = { listenerArn, vpcId, domainName: 'Shop', hostedZone };
  expect(problemsOf(contextOf('load-balancer', flags))).toEqual([expect.stringMatching(/^domainName: got "Shop"/)]);
});

test('a listener that is wrong by itself is one problem', () => {
  const flags = { listenerArn: 'shared', vpcId, domainName };
  expect(problemsOf(contextOf('load-balancer', flags))).toEqual([expect.stringMatching(/^listenerArn: got "shared"/)]);
});

const three = '10.0.0.0/8,192.0.2.0/24,198.51.100.0/24';

test.each<[Context, number | undefined]>([
  [{ previewCidrs: three, domainName, hostedZone }, undefined],
  [{ previewCidrs: three, pathPrefix: '/shop' }, 2],
  [{ previewCidrs: three, domainName, hostedZone, pathPrefix: '/shop' }, 1],
  [{ previewCidrs: three, domainName, hostedZone, pathPrefix: '/shop', ingress: 'internal' }, undefined],
  [{ previewCidrs: three, domainName, listenerArn, vpcId, pathPrefix: '/shop', ingress: 'internal' }, 1],
])('the conditions of a preview rule fit: %j', (flags, most) => {
  expect(problemsOf(contextOf('load-balancer', flags))).toEqual(
    most === undefined ? [] : [expect.stringContaining(`previewCidrs: got 3 blocks, expected at most ${most} beside `)],
  );
});

test.each<[string, Context, readonly string[]]>([
  [
    'load-balancer',
    {
      listenerArn,
      vpcId,
      domainName,
      ingress: 'internal',
      ingressCidrs: '10.0.0.0/8',
      idleTimeout: 90,
      certificateArn,
      accessLogBucket: 'access-logs',
      previewCidrs: '10.0.0.0/8',
    },
    ['ingress', 'ingressCidrs', 'idleTimeout', 'certificateArn', 'accessLogBucket'],
  ],
  ['load-balancer', { domainName, hostedZone, ingress: 'internal', idleTimeout: 90, accessLogBucket: 'access-logs' }, []],
  ['load-balancer', { accessLogPrefix: 'shop' }, ['accessLogPrefix']],
  ['lattice', { ...http, domainName, certificateArn }, ['certificateArn']],
])('on %s, with %j, notices say what is ignored', (trafficPlane, flags, names) => {
  const { notices } = readSettings(contextOf(trafficPlane, flags));
  expect(notices.filter((notice) => notice.includes('ignored')).map((notice) => notice.split(':')[0])).toEqual(names);
});
