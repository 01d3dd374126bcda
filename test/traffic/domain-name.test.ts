import { type Context, resourceOf, resourcesOf, type TemplateJson, templateOf } from '../app-template';

const hostedZone = 'Z0123456789ABCDEFGHIJ';
const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const shop: Context = { domainName: 'shop.example.com', hostedZone };
const both: Context = { greenActive: true, greenWeight: 1 };
const onLoadBalancer = { ...both, trafficPlane: 'load-balancer' };
const onLattice = { ...both, trafficPlane: 'lattice' };
const rulesOf = (template: TemplateJson) =>
  resourcesOf(template, 'AWS::ElasticLoadBalancingV2::ListenerRule').filter(([id]) => id.startsWith('App'));
const hostsOf = ({ Conditions }: { readonly Conditions: readonly any[] }) =>
  Conditions.find(({ Field }) => Field === 'host-header')?.HostHeaderConfig.Values;

test.each([
  ['load-balancer', 'https://shop.example.com/'],
  ['lattice', 'https://shop.example.com/'],
])(
  'on %s, a name with its zone: a certificate is proved there, the name points here, and the Url says it',
  (trafficPlane, url) => {
    const template = templateOf({ ...both, trafficPlane, ...shop });
    expect(resourceOf(template, 'AWS::CertificateManager::Certificate').Properties).toMatchObject({
      DomainName: 'shop.example.com',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'shop.example.com', HostedZoneId: hostedZone }],
    });
    const { Properties, DependsOn } = resourceOf(template, 'AWS::Route53::RecordSet');
    expect(Properties).toMatchObject({ Name: 'shop.example.com', Type: 'A', HostedZoneId: hostedZone });
    expect(JSON.stringify(Properties.AliasTarget.DNSName)).toMatch(
      trafficPlane === 'lattice' ? /AppLatticeService\w+","DnsEntry.DomainName/ : /dualstack.*AlbLoadBalancer\w+","DNSName/,
    );
    expect(Properties.AliasTarget.HostedZoneId['Fn::GetAtt'][1]).toBe(
      trafficPlane === 'lattice' ? 'DnsEntry.HostedZoneId' : 'CanonicalHostedZoneID',
    );
    expect(DependsOn).toContainEqual(expect.stringMatching(/^App(ProductionRule|LatticeRule)/));
    expect(template.Outputs.Url?.Value).toBe(url);
  },
);

test.each(['load-balancer', 'lattice'])(
  'on %s, a certificate that is there already is taken, and the name still points here',
  (trafficPlane) => {
    const template = templateOf({ ...both, trafficPlane, ...shop, certificateArn });
    expect(resourcesOf(template, 'AWS::CertificateManager::Certificate')).toEqual([]);
    expect(resourcesOf(template, 'AWS::Route53::RecordSet')).toHaveLength(1);
    expect(JSON.stringify(template)).toContain(certificateArn);
  },
);

test('without a zone the name is made to point here elsewhere', () => {
  expect(
    resourcesOf(templateOf({ ...onLoadBalancer, domainName: 'shop.example.com', certificateArn }), 'AWS::Route53::RecordSet'),
  ).toEqual([]);
});

test.each<[string, Context, readonly string[] | undefined]>([
  ['for its name only', shop, ['shop.example.com']],
  ['without a name, for all', {}, undefined],
])('behind a load balancer a service takes requests %s, in every rule', (_, flags, hosts) => {
  const rules = rulesOf(templateOf({ ...onLoadBalancer, ...flags }));
  expect(rules).toHaveLength(3);
  expect(rules.map(([, { Properties }]) => hostsOf(Properties))).toEqual([hosts, hosts, hosts]);
});

test('a rule has five values in its conditions at most', () => {
  const rules = rulesOf(templateOf({ ...onLoadBalancer, ...shop, pathPrefix: '/shop', previewCidrs: '10.0.0.0/8' }));
  const counts = rules.map(
    ([, { Properties }]) =>
      Properties.Conditions.flatMap(({ Field, ...config }: any) => Object.values<any>(config).flatMap(({ Values }) => Values))
        .length,
  );
  expect(Math.max(...counts)).toBe(5);
});

describe('on VPC Lattice', () => {
  test('the service has the name and the certificate', () => {
    expect(
      resourceOf(templateOf({ ...onLattice, ...shop, certificateArn }), 'AWS::VpcLattice::Service').Properties,
    ).toMatchObject({
      CustomDomainName: 'shop.example.com',
      CertificateArn: certificateArn,
    });
  });

  test('plain HTTP takes a name without a certificate', () => {
    const template = templateOf({ ...onLattice, ...shop, latticeProtocol: 'HTTP' });
    expect(resourceOf(template, 'AWS::VpcLattice::Service').Properties.CertificateArn).toBeUndefined();
    expect(resourcesOf(template, 'AWS::CertificateManager::Certificate')).toEqual([]);
    expect(template.Outputs.Url?.Value).toBe('http://shop.example.com/');
  });

  // The name makes another service, and a target group can be in one only; ECS signs off the tasks with the role that it has.
  test.each(['AWS::VpcLattice::TargetGroup', 'AWS::IAM::Role'])('another name makes %s anew with the service', (type) => {
    const ids = (domainName?: string) =>
      resourcesOf(templateOf({ ...onLattice, latticeProtocol: 'HTTP', domainName }), type)
        .map(([id]) => id)
        .filter((id) => /TargetGroup|InfrastructureRole/.test(id));
    const [none, one, other] = [ids(), ids('shop.example.com'), ids('cart.example.com')];
    expect(new Set([...none, ...one, ...other]).size).toBe(6);
  });
});
