import { App, aws_ec2 as ec2, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { planeNames } from '../../lib/release/plane-limits';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { acknowledgements } from '../../lib/stack/acknowledgements';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import { appOf } from '../app-template';
import { scan } from '../scan';

test('every acknowledgement is of something that the app has', () => {
  const paths = new Map(
    planeNames.map((trafficPlane) => [
      trafficPlane,
      appOf({ trafficPlane, greenActive: true })
        .stack.node.findAll()
        .map(({ node }) => node.path),
    ]),
  );
  const idle = acknowledgements.filter(
    ({ at, on }) => !planeNames.some((plane) => (on ?? plane) === plane && paths.get(plane)?.some((path) => at.test(path))),
  );
  expect(idle).toEqual([]);
});

test.each(acknowledgements.map(({ id, reason }) => [id, reason]))('%s is taken for a reason', (_, reason) => {
  expect(reason).toMatch(/\w+ \w+/);
});

test.each([
  [{}, 1],
  [{ accessLogBucket: 'access-logs' }, 0],
])('what is not there is not acknowledged: with %j, a load balancer lacks an access log %d times', (flags, times) => {
  const { stack } = appOf({ trafficPlane: 'load-balancer', ...flags });
  const notes = stack.node.findAll().flatMap(({ node }) => node.metadata.map((entry) => JSON.stringify(entry)));
  expect(notes.filter((note) => note.includes('AwsSolutions-ELB2'))).toHaveLength(times);
});

test('the constructs acknowledge nothing in the name of whoever uses them', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');
  new BlueGreenService(stack, 'App', {
    cluster,
    trafficPlane: new LoadBalancerPlane(stack, 'Alb', { vpc: cluster.vpc, internetFacing: true }),
    serviceName: 'shop',
    slots: { blue: { weight: 1, image }, green: { active: false, weight: 0, image } },
  });
  expect(scan(app)).toEqual(expect.arrayContaining(['AwsSolutions-ECS2', 'AwsSolutions-ELB2', 'AwsSolutions-EC23']));
});
