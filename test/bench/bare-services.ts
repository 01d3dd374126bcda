import {
  aws_appmesh as appmesh,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  Fn,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  type Stack,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';

const image = 'example/shop:1.5.0';

const assumeRolePolicyDocument = {
  Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' } }],
  Version: '2012-10-17',
};

/** Blue/green services in one mesh as somebody would write them without our constructs: every resource by hand, on level 1. */
export function bareServices(stack: Stack, count: number): void {
  const shared = bareShared(stack);
  for (let index = 0; index < count; index += 1) {
    bareService(stack, `service-${index}`, `Service${index}`, shared);
  }
}

function bareShared(stack: Stack) {
  const vpc = new ec2.CfnVPC(stack, 'Vpc', {
    cidrBlock: '10.0.0.0/16',
    enableDnsHostnames: true,
    enableDnsSupport: true,
    instanceTenancy: 'default',
  });
  const gateway = new ec2.CfnInternetGateway(stack, 'InternetGateway', {});
  const attachment = new ec2.CfnVPCGatewayAttachment(stack, 'GatewayAttachment', {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  });
  const subnets = [0, 1].map((index) => {
    const subnet = new ec2.CfnSubnet(stack, `Subnet${index}`, {
      vpcId: vpc.ref,
      cidrBlock: `10.0.${128 * index}.0/17`,
      availabilityZone: Fn.select(index, Fn.getAzs()),
      mapPublicIpOnLaunch: true,
    });
    const table = new ec2.CfnRouteTable(stack, `RouteTable${index}`, { vpcId: vpc.ref });
    const association = new ec2.CfnSubnetRouteTableAssociation(stack, `Association${index}`, {
      subnetId: subnet.ref,
      routeTableId: table.ref,
    });
    const route = new ec2.CfnRoute(stack, `DefaultRoute${index}`, {
      routeTableId: table.ref,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.ref,
    });
    route.addResourceDependency(attachment);
    return { subnet, association, route };
  });
  const cluster = new ecs.CfnCluster(stack, 'Cluster', { clusterSettings: [{ name: 'containerInsights', value: 'enabled' }] });
  const namespace = new servicediscovery.CfnPrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc: vpc.ref });
  const mesh = new appmesh.CfnMesh(stack, 'Mesh', { meshName: 'mesh', spec: { egressFilter: { type: 'ALLOW_ALL' } } });
  const [envoyLogs, xrayLogs] = ['EnvoyLogs', 'XrayLogs'].map((id) => logGroup(stack, id)) as [
    logs.CfnLogGroup,
    logs.CfnLogGroup,
  ];
  for (const [name, pattern, value, unit] of [
    ['Requests', '{ $.target = "*" && $.agent != "Envoy/HC" }', '1', 'Count'],
    ['Errors', '{ $.target = "*" && $.agent != "Envoy/HC" && $.status >= 500 }', '1', 'Count'],
    ['Latency', '{ $.target = "*" && $.agent != "Envoy/HC" && $.duration >= 0 }', '$.duration', 'Milliseconds'],
  ] as const) {
    new logs.CfnMetricFilter(stack, `${name}Filter`, {
      logGroupName: envoyLogs.ref,
      filterPattern: pattern,
      metricTransformations: [
        {
          metricNamespace: 'EcsBlueGreen',
          metricName: name,
          metricValue: value,
          unit,
          dimensions: [{ key: 'Target', value: '$.target' }],
        },
      ],
    });
  }
  return { vpc, subnets, cluster, namespace, mesh, envoyLogs, xrayLogs };
}

function logGroup(stack: Stack, id: string): logs.CfnLogGroup {
  const group = new logs.CfnLogGroup(stack, id, { retentionInDays: 30 });
  group.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return group;
}

function bareService(stack: Stack, name: string, id: string, shared: ReturnType<typeof bareShared>): void {
  const { vpc, subnets, cluster, namespace, mesh, envoyLogs, xrayLogs } = shared;
  const meshName = mesh.attrMeshName;
  const appLogs = logGroup(stack, `${id}Logs`);
  const executionRole = new iam.CfnRole(stack, `${id}ExecutionRole`, { assumeRolePolicyDocument });
  const executionPolicy = new iam.CfnPolicy(stack, `${id}ExecutionPolicy`, {
    policyName: `${id}ExecutionPolicy`,
    roles: [executionRole.ref],
    policyDocument: {
      Statement: [
        {
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Effect: 'Allow',
          Resource: [envoyLogs.attrArn, xrayLogs.attrArn, appLogs.attrArn],
        },
      ],
      Version: '2012-10-17',
    },
  });
  const securityGroup = new ec2.CfnSecurityGroup(stack, `${id}SecurityGroup`, {
    groupDescription: `tasks of ${name}`,
    vpcId: vpc.ref,
    securityGroupEgress: [{ cidrIp: '0.0.0.0/0', ipProtocol: '-1', description: 'Allow all outbound traffic by default' }],
  });
  const cloudMapService = new servicediscovery.CfnService(stack, `${id}CloudMapService`, {
    name,
    namespaceId: namespace.attrId,
    dnsConfig: { dnsRecords: [{ ttl: 10, type: 'A' }], namespaceId: namespace.attrId, routingPolicy: 'MULTIVALUE' },
    healthCheckCustomConfig: { failureThreshold: 1 },
  });
  const router = new appmesh.CfnVirtualRouter(stack, `${id}VirtualRouter`, {
    meshName,
    virtualRouterName: name,
    spec: { listeners: [{ portMapping: { port: 8080, protocol: 'http' } }] },
  });
  new appmesh.CfnVirtualService(stack, `${id}VirtualService`, {
    meshName,
    virtualServiceName: `${name}.svc.local`,
    spec: { provider: { virtualRouter: { virtualRouterName: router.attrVirtualRouterName } } },
  });

  const slots = ['blue', 'green'].map((slot) => {
    const slotId = `${id}${slot}`;
    const slotName = `${name}-${slot}`;
    const node = new appmesh.CfnVirtualNode(stack, `${slotId}VirtualNode`, {
      meshName,
      virtualNodeName: slotName,
      spec: {
        listeners: [
          {
            portMapping: { port: 8080, protocol: 'http' },
            healthCheck: {
              healthyThreshold: 2,
              intervalMillis: 5000,
              path: '/health',
              port: 8080,
              protocol: 'http',
              timeoutMillis: 2000,
              unhealthyThreshold: 2,
            },
          },
        ],
        logging: {
          accessLog: {
            file: {
              path: '/dev/stdout',
              format: {
                json: [
                  { key: 'target', value: slotName },
                  { key: 'time', value: '%START_TIME%' },
                  { key: 'method', value: '%REQ(:METHOD)%' },
                  { key: 'path', value: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%' },
                  { key: 'status', value: '%RESPONSE_CODE%' },
                  { key: 'flags', value: '%RESPONSE_FLAGS%' },
                  { key: 'duration', value: '%DURATION%' },
                  { key: 'agent', value: '%REQ(USER-AGENT)%' },
                  { key: 'request', value: '%REQ(X-REQUEST-ID)%' },
                ],
              },
            },
          },
        },
        serviceDiscovery: {
          awsCloudMap: {
            namespaceName: 'svc.local',
            serviceName: cloudMapService.attrName,
            attributes: [{ key: 'ECS_SERVICE_NAME', value: slotName }],
          },
        },
      },
    });
    const taskRole = new iam.CfnRole(stack, `${slotId}TaskRole`, { assumeRolePolicyDocument });
    const taskPolicy = new iam.CfnPolicy(stack, `${slotId}TaskPolicy`, {
      policyName: `${slotId}TaskPolicy`,
      roles: [taskRole.ref],
      policyDocument: {
        Statement: [
          {
            Action: [
              'xray:GetSamplingRules',
              'xray:GetSamplingStatisticSummaries',
              'xray:GetSamplingTargets',
              'xray:PutTelemetryRecords',
              'xray:PutTraceSegments',
            ],
            Effect: 'Allow',
            Resource: '*',
          },
          { Action: 'appmesh:StreamAggregatedResources', Effect: 'Allow', Resource: node.ref },
        ],
        Version: '2012-10-17',
      },
    });
    const log = (group: logs.CfnLogGroup, prefix: string) => ({
      logDriver: 'awslogs',
      options: { 'awslogs-group': group.ref, 'awslogs-stream-prefix': prefix, 'awslogs-region': stack.region },
    });
    const task = new ecs.CfnTaskDefinition(stack, `${slotId}TaskDefinition`, {
      family: slotName,
      cpu: '512',
      memory: '1024',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      taskRoleArn: taskRole.attrArn,
      executionRoleArn: executionRole.attrArn,
      proxyConfiguration: {
        type: 'APPMESH',
        containerName: 'envoy',
        proxyConfigurationProperties: [
          { name: 'AppPorts', value: '8080' },
          { name: 'IgnoredUID', value: '1337' },
          { name: 'ProxyIngressPort', value: '15000' },
          { name: 'ProxyEgressPort', value: '15001' },
          { name: 'EgressIgnoredIPs', value: '169.254.170.2,169.254.169.254' },
        ],
      },
      containerDefinitions: [
        {
          name: 'app',
          image,
          essential: true,
          memory: 256,
          portMappings: [{ name: 'app', containerPort: 8080, protocol: 'tcp' }],
          environment: [
            { name: 'PORT', value: '8080' },
            { name: 'SLOT', value: slot },
          ],
          dependsOn: [{ condition: 'HEALTHY', containerName: 'envoy' }],
          logConfiguration: log(appLogs, slot),
        },
        {
          name: 'envoy',
          image,
          essential: true,
          cpu: 32,
          memoryReservation: 64,
          user: '1337',
          ulimits: [{ name: 'nofile', softLimit: 15000, hardLimit: 15000 }],
          environment: [
            { name: 'APPMESH_RESOURCE_ARN', value: node.ref },
            { name: 'ENVOY_LOG_LEVEL', value: 'info' },
            { name: 'ENABLE_ENVOY_XRAY_TRACING', value: '1' },
          ],
          healthCheck: {
            command: ['CMD-SHELL', 'curl -s http://localhost:9901/server_info | grep state | grep -q LIVE'],
            startPeriod: 10,
            interval: 5,
            timeout: 2,
            retries: 3,
          },
          logConfiguration: log(envoyLogs, slotName),
        },
        {
          name: 'xray',
          image,
          essential: false,
          cpu: 32,
          memoryReservation: 64,
          user: '1337',
          portMappings: [{ containerPort: 2000, protocol: 'udp' }],
          entryPoint: ['/xray', '-t', '127.0.0.1:2000', '-b', '127.0.0.1:2000', '-o'],
          logConfiguration: log(xrayLogs, slotName),
        },
      ],
    });
    const service = new ecs.CfnService(stack, `${slotId}Service`, {
      cluster: cluster.ref,
      serviceName: slotName,
      taskDefinition: task.ref,
      desiredCount: 1,
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      enableEcsManagedTags: false,
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        maximumPercent: 200,
        minimumHealthyPercent: 100,
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          assignPublicIp: 'ENABLED',
          securityGroups: [securityGroup.attrGroupId],
          subnets: subnets.map(({ subnet }) => subnet.ref),
        },
      },
      serviceRegistries: [{ registryArn: cloudMapService.attrArn }],
    });
    for (const needed of [
      taskRole,
      taskPolicy,
      executionRole,
      executionPolicy,
      ...subnets.flatMap(({ route, association }) => [route, association]),
    ]) {
      service.addResourceDependency(needed);
    }
    return { node, service };
  });

  const route = new appmesh.CfnRoute(stack, `${id}Route`, {
    meshName,
    virtualRouterName: router.attrVirtualRouterName,
    routeName: name,
    spec: {
      priority: 1000,
      httpRoute: {
        match: { prefix: '/' },
        action: { weightedTargets: slots.map(({ node }) => ({ virtualNode: node.attrVirtualNodeName, weight: 1 })) },
        timeout: { perRequest: { unit: 'ms', value: 45000 } },
        retryPolicy: {
          httpRetryEvents: ['gateway-error', 'stream-error'],
          tcpRetryEvents: ['connection-error'],
          maxRetries: 2,
          perRetryTimeout: { unit: 'ms', value: 15000 },
        },
      },
    },
  });
  for (const { service } of slots) {
    route.addResourceDependency(service);
  }
}
