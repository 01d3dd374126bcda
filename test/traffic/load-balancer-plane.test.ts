import { App, aws_ec2 as ec2, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import { type Context, previewValueOf, resourceOf, resourcesOf, type TemplateJson, templateOf } from '../app-template';

const plane = { trafficPlane: 'load-balancer', greenActive: true, greenWeight: 3 };
const template = templateOf(plane);
const domainName = 'shop.example.com';
const rule = (synthesized: TemplateJson, prefix: string) =>
  resourcesOf(synthesized, 'AWS::ElasticLoadBalancingV2::ListenerRule').find(([id]) => id.startsWith(prefix))?.[1] as any;
const groups = resourcesOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup');

test.each(groups)('the target group %s', (_, { Properties }) => {
  expect(Properties).toMatchObject({
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 80,
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 4,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 5,
    Matcher: { HttpCode: '200' },
  });
  expect(Properties.TargetGroupAttributes).toEqual(
    expect.arrayContaining([
      { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
      { Key: 'stickiness.enabled', Value: 'false' },
    ]),
  );
});

test('the production rule holds the weights, without stickiness', () => {
  expect(rule(template, 'AppProductionRule').Properties).toMatchObject({
    Priority: expect.any(Number),
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: { Ref: expect.stringMatching(/^AppBlueTargetGroup/) }, Weight: 1 },
            { TargetGroupArn: { Ref: expect.stringMatching(/^AppGreenTargetGroup/) }, Weight: 3 },
          ],
        },
      },
    ],
  });
  expect(rule(template, 'AppProductionRule').Properties.Actions[0].ForwardConfig.TargetGroupStickinessConfig).toBeUndefined();
});

test('a slot scales by the requests to its target group, once the load balancer sends some there', () => {
  const scaled = templateOf({ ...plane, maxTasks: 10, scaleAtRequests: 1000 });
  const policies = resourcesOf(scaled, 'AWS::ApplicationAutoScaling::ScalingPolicy');
  expect(policies).toHaveLength(2);
  for (const [id, { Properties }] of policies) {
    const slot = id.startsWith('AppBlue') ? 'AppBlue' : 'AppGreen';
    const { PredefinedMetricSpecification: metric, ...rest } = Properties.TargetTrackingScalingPolicyConfiguration;
    expect(rest).toEqual({ TargetValue: 1000, ScaleOutCooldown: 60 });
    expect(metric.PredefinedMetricType).toBe('ALBRequestCountPerTarget');
    expect(metric.ResourceLabel['Fn::Join'][1].at(-1)).toEqual({
      'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${slot}TargetGroup`)), 'TargetGroupFullName'],
    });
    // By way of the ECS service, which waits for the rule.
    const target = scaled.Resources[Properties.ScalingTargetId.Ref];
    expect(JSON.stringify(target?.Properties.ResourceId)).toContain(`"${slot}Service`);
  }
});

test.each([
  ['AppBlue', 'blue', 2],
  ['AppGreen', 'green', 1],
])('order: the preview rule of %s, then its ECS service, then the weights', (slot, label, before) => {
  const preview = rule(template, `${slot}AssociationRule`);
  expect(preview.Properties).toMatchObject({
    Priority: rule(template, 'AppProductionRule').Properties.Priority - before,
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: expect.stringMatching(new RegExp(`^${slot}TargetGroup`)) } }],
  });
  expect(preview.Properties.Conditions).toContainEqual({
    Field: 'http-header',
    HttpHeaderConfig: { HttpHeaderName: 'x-slot', Values: [previewValueOf(label)] },
  });

  const [serviceId, service] = resourcesOf(template, 'AWS::ECS::Service').find(([id]) => id.startsWith(slot)) as [string, any];
  expect(service.DependsOn).toContainEqual(expect.stringMatching(new RegExp(`^${slot}AssociationRule`)));
  expect(service.DependsOn).not.toContainEqual(expect.stringMatching(/^AppProductionRule/));
  expect(service.Properties.LoadBalancers).toEqual([
    {
      ContainerName: 'app',
      ContainerPort: 8080,
      TargetGroupArn: { Ref: expect.stringMatching(new RegExp(`^${slot}TargetGroup`)) },
    },
  ]);
  expect(rule(template, 'AppProductionRule').DependsOn).toContain(serviceId);
});

const vpcRange = { 'Fn::GetAtt': [expect.stringMatching(/^Vpc/), 'CidrBlock'] };

test.each<[string, Context, unknown]>([
  ['on a public load balancer, from the VPC', {}, [vpcRange]],
  [
    'on a public load balancer, from where the settings say',
    { previewCidrs: '192.0.2.0/24,198.51.100.7/32' },
    ['192.0.2.0/24', '198.51.100.7/32'],
  ],
  ['inside the VPC, from anywhere', { ingress: 'internal' }, undefined],
])('the preview header is honoured %s', (_, flags, values) => {
  const { Conditions } = rule(templateOf({ ...plane, ...flags }), 'AppBlueAssociationRule').Properties;
  expect(Conditions.find(({ Field }: { Field: string }) => Field === 'source-ip')?.SourceIpConfig.Values).toEqual(values);
});

test('whatever no rule matches gets a 404 in words', () => {
  expect(resourceOf(template, 'AWS::ElasticLoadBalancingV2::Listener').Properties).toMatchObject({
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [
      {
        Type: 'fixed-response',
        FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'no service answers here' },
      },
    ],
  });
});

test('with a certificate it answers HTTPS with a current policy, and redirects HTTP', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
  const synthesized = templateOf({ ...plane, domainName, certificateArn });
  const listeners = resourcesOf(synthesized, 'AWS::ElasticLoadBalancingV2::Listener').map(([, { Properties }]) => Properties);
  expect(listeners.find(({ Port }) => Port === 443)).toMatchObject({
    Protocol: 'HTTPS',
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
    Certificates: [{ CertificateArn: certificateArn }],
    DefaultActions: [{ Type: 'fixed-response' }],
  });
  expect(rule(synthesized, 'AlbRedirectRule').Properties).toMatchObject({
    ListenerArn: { Ref: expect.stringMatching(/ListenerHttp|LoadBalancerHttp/) },
    Actions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_302' } }],
  });
  expect(synthesized.Outputs.Url?.Value).toBe('https://shop.example.com/');
});

test.each([
  ['public', 'internet-facing', '0.0.0.0/0'],
  ['internal', 'internal', vpcRange],
])('with ingress=%s: %s; from there to the load balancer, from it to the app port, nothing else', (ingress, scheme, source) => {
  const synthesized = templateOf({ ...plane, ingress });
  expect(resourceOf(synthesized, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.Scheme).toBe(scheme);
  const inline = resourcesOf(synthesized, 'AWS::EC2::SecurityGroup').flatMap(
    ([, { Properties }]) => Properties.SecurityGroupIngress ?? [],
  );
  expect(inline).toEqual([expect.objectContaining({ CidrIp: source, FromPort: 80, ToPort: 80 })]);
  expect(resourceOf(synthesized, 'AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({
    FromPort: 8080,
    ToPort: 8080,
    SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Alb(Internal)?SecurityGroup/), 'GroupId'] },
  });
});

test('a task is the app alone: no sidecars, no proxy, half the size, a role without permissions', () => {
  for (const [, { Properties }] of resourcesOf(template, 'AWS::ECS::TaskDefinition')) {
    expect(Properties).toMatchObject({ Cpu: '256', Memory: '512' });
    expect(Properties.ContainerDefinitions.map(({ Name }: { Name: string }) => Name)).toEqual(['app']);
    expect(Properties.ProxyConfiguration).toBeUndefined();
  }
  expect(resourcesOf(template, 'AWS::IAM::Policy').map(([id]) => id.slice(0, -8))).toEqual(['AppExecutionRoleDefaultPolicy']);
});

test('header names that clients and targets may read differently are dropped', () => {
  expect(resourceOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.LoadBalancerAttributes).toContainEqual({
    Key: 'routing.http.drop_invalid_header_fields.enabled',
    Value: 'true',
  });
});

test.each([
  [{}, 60],
  [{ healthcheckGracePeriod: '120' }, 120],
])('a new task has time to become healthy: %j', (flags, seconds) => {
  const [, { Properties }] = resourcesOf(templateOf({ ...plane, ...flags }), 'AWS::ECS::Service')[0] as [string, any];
  expect(Properties.HealthCheckGracePeriodSeconds).toBe(seconds);
});

describe('a slot with a version of its own', () => {
  const own = templateOf({ ...plane, greenAppPort: 3000, greenHealthcheckPath: '/ready' });

  test.each([
    ['Blue', 8080, '/health'],
    ['Green', 3000, '/ready'],
  ])('the tasks of %s are on port %d, checked at %s; its target group is not made anew for another port', (slot, port, path) => {
    const of = (type: string) => resourcesOf(own, type).find(([id]) => id.startsWith(`App${slot}`))?.[1].Properties;
    expect(of('AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({ Port: 80, HealthCheckPath: path });
    expect(of('AWS::ECS::Service').LoadBalancers).toEqual([expect.objectContaining({ ContainerPort: port })]);
  });

  test.each([true, false])('the tasks admit the ports of both slots from the load balancer; green active: %s', (greenActive) => {
    const synthesized = templateOf({ ...plane, greenActive, blueAppPort: 9000, greenAppPort: 3000 });
    for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']) {
      expect(resourcesOf(synthesized, type).map(([, { Properties }]) => [Properties.FromPort, Properties.ToPort])).toEqual([
        [3000, 3000],
        [9000, 9000],
      ]);
    }
  });
});

test('how long connections may be silent and tasks may still answer is as the settings say', () => {
  const synthesized = templateOf({ ...plane, idleTimeout: 300, deregistrationDelay: 0 });
  expect(resourceOf(synthesized, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.LoadBalancerAttributes).toContainEqual({
    Key: 'idle_timeout.timeout_seconds',
    Value: '300',
  });
  for (const [, { Properties }] of resourcesOf(synthesized, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
    expect(Properties.TargetGroupAttributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '0' });
  }
});

test('whoever may call is as the settings say, on both ports', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
  const synthesized = templateOf({ ...plane, domainName, certificateArn, ingressCidrs: '10.0.0.0/8,192.0.2.0/24' });
  const group = resourcesOf(synthesized, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('AlbSecurityGroup'))?.[1]
    .Properties;
  expect(group.SecurityGroupIngress.map((each: any) => [each.CidrIp, each.FromPort])).toEqual([
    ['10.0.0.0/8', 80],
    ['192.0.2.0/24', 80],
    ['10.0.0.0/8', 443],
    ['192.0.2.0/24', 443],
  ]);
});

test('another scheme makes the load balancer and its target groups anew together', () => {
  const ids = (ingress: string, type: string) =>
    resourcesOf(templateOf({ ...plane, ingress }), `AWS::ElasticLoadBalancingV2::${type}`).map(([id]) => id);
  for (const type of ['LoadBalancer', 'Listener', 'TargetGroup']) {
    expect(ids('internal', type).filter((id) => ids('public', type).includes(id))).toEqual([]);
  }
});

test.each([
  ['comes', {}, 'arn'],
  ['goes', 'arn', {}],
])('when a certificate %s, no listener that has the rules of slots is touched before others are there', (_, before, after) => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
  const of = (what: unknown) => templateOf({ ...plane, ...(what === 'arn' ? { domainName, certificateArn } : {}) });
  const listeners = (synthesized: TemplateJson) => new Map(resourcesOf(synthesized, 'AWS::ElasticLoadBalancingV2::Listener'));
  const [old, next] = [listeners(of(before)), listeners(of(after))];
  const kept = [...old.keys()].filter((id) => next.has(id));
  expect(kept).toHaveLength(1);
  expect(kept.map((id) => next.get(id))).toEqual(kept.map((id) => old.get(id)));
});

const logAttributes = (synthesized: TemplateJson) =>
  resourceOf(synthesized, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties.LoadBalancerAttributes.filter(
    ({ Key }: { Key: string }) => Key.startsWith('access_logs.'),
  );

test.each<[Context, readonly unknown[]]>([
  [
    { accessLogBucket: 'access-logs' },
    [
      { Key: 'access_logs.s3.enabled', Value: 'true' },
      { Key: 'access_logs.s3.bucket', Value: 'access-logs' },
      { Key: 'access_logs.s3.prefix', Value: '' },
    ],
  ],
  // Attributes that are not named stay as they are: what was on is turned off.
  [{}, [{ Key: 'access_logs.s3.enabled', Value: 'false' }]],
  [
    { accessLogBucket: 'access-logs', accessLogPrefix: 'shop' },
    [
      { Key: 'access_logs.s3.enabled', Value: 'true' },
      { Key: 'access_logs.s3.bucket', Value: 'access-logs' },
      { Key: 'access_logs.s3.prefix', Value: 'shop' },
    ],
  ],
])('an access log goes where the settings say, in any Region: %j', (flags, attributes) => {
  expect(logAttributes(templateOf({ ...plane, ...flags }))).toEqual(attributes);
});

test('a bucket that a load balancer cannot write to is refused', () => {
  const stack = new Stack(new App(), 'Stack');
  const bucket = new s3.Bucket(stack, 'Logs', { encryption: s3.BucketEncryption.KMS });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  expect(() => new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: true, accessLogs: { bucket } })).toThrow(
    'accessLogs.bucket: got one that is encrypted by a key of KMS, expected one with keys of S3, which a load balancer can write to',
  );
});

test('a bucket of the same stack lets the load balancer write below its prefix, before there is one', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const bucket = new s3.Bucket(stack, 'Logs');
  new LoadBalancerPlane(stack, 'Plane', {
    vpc: new ec2.Vpc(stack, 'Vpc'),
    internetFacing: true,
    accessLogs: { bucket, prefix: 'shop' },
  });
  const synthesized: TemplateJson = app.synth().getStackByName('Stack').template;
  const [policyId, policy] = resourcesOf(synthesized, 'AWS::S3::BucketPolicy')[0] ?? [];
  expect(policy?.Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: { 'Fn::Join': ['', [expect.anything(), '/shop/AWSLogs/', { Ref: 'AWS::AccountId' }, '/*']] },
      Condition: { ArnLike: { 'aws:SourceArn': expect.anything() } },
    },
  ]);
  expect(resourceOf(synthesized, 'AWS::ElasticLoadBalancingV2::LoadBalancer').DependsOn).toContain(policyId);
});
