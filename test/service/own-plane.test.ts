import { App, CfnResource, aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { TrafficPlane } from '../../lib/traffic/traffic-plane';

/** A plane as somebody might write it outside of this repository: the weights stand in a resource of their own. */
class TicketPlane extends Construct implements TrafficPlane {
  readonly planeName = 'tickets';
  readonly limits = {
    maxWeight: 7,
    maxWeightSum: 10,
    routeWaits: true,
    settleSeconds: 3,
    reservedPorts: [25],
    taskSize: { cpu: 1024, memory: 2048 },
    healthCheck: { healthyThreshold: 3, unhealthyThreshold: 4, timeoutSeconds: 6, intervalSeconds: 7 },
  };
  readonly sidecars = [{ name: 'usher', image, cpu: 10, memoryReservationMiB: 100 }];

  bind(service: Construct): ReturnType<TrafficPlane['bind']> {
    const weights: Record<string, number> = {};
    const metric = new cloudwatch.Metric({ namespace: 'Tickets', metricName: 'Sold' });
    const metrics = { requests: metric, errors: metric, latency: metric, healthyTargets: undefined };
    return {
      url: undefined,
      wayIn: { hall: 1 },
      names: {},
      metrics: { requests: metric, errors: metric, latency: metric, requestsByTarget: [metric] },
      addSlot: (slot, { label, weight }) => {
        weights[label] = weight;
        return {
          target: new CfnResource(slot, 'Desk', { type: 'Own::Ticket::Desk' }),
          targetName: label,
          preview: undefined,
          metrics,
          serviceName: undefined,
          proxyConfiguration: undefined,
          checksTasks: false,
          extendTask: () => {},
          attach: () => {},
        };
      },
      addRoute: (services) => {
        const route = new CfnResource(service, 'Queue', { type: 'Own::Ticket::Queue', properties: { weights } });
        route.node.addDependency(...services);
        return route;
      },
    };
  }
}

const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');

function service(props: { readonly blueWeight: number; readonly port?: number; readonly appMemoryLimitMiB?: number }) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const { blueWeight, ...rest } = props;
  new BlueGreenService(stack, 'Shop', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') }),
    trafficPlane: new TicketPlane(stack, 'Plane'),
    serviceName: 'shop',
    slots: { blue: { weight: blueWeight, image }, green: { weight: 1, image } },
    ...rest,
  });
  return Object.values(app.synth().getStackByName('Stack').template.Resources) as any[];
}

test('a plane of one’s own carries the weights, after the services, with its own task size', () => {
  const resources = service({ blueWeight: 7 });
  const queue = resources.find(({ Type }) => Type === 'Own::Ticket::Queue');
  expect(queue.Properties).toEqual({ weights: { blue: 7, green: 1 } });
  expect(queue.DependsOn.filter((id: string) => /^Shop(Blue|Green)Service/.test(id))).toHaveLength(2);
  const tasks = resources.filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  expect(tasks.map(({ Properties: { Cpu, Memory } }) => [Cpu, Memory])).toEqual([
    ['1024', '2048'],
    ['1024', '2048'],
  ]);
});

test.each([
  [{ blueWeight: 8 }, 'weight of blue: got 8, expected a whole number from 0 to 7 on tickets'],
  [{ blueWeight: 1, port: 25 }, 'port: got 25, expected a whole number from 1 to 65535 other than 25'],
  [
    { blueWeight: 1, appMemoryLimitMiB: 2000 },
    'appMemoryLimitMiB, usher: got 2000 + 100 = 2100 MiB, expected at most the 2048 MiB of memoryLimitMiB; lower them or raise memoryLimitMiB',
  ],
])('its own limits are kept: %j', (props, problem) => {
  expect(() => service(props)).toThrow(`blue/green service shop: ${problem}`);
});
