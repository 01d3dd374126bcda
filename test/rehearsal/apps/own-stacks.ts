import {
  App,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  Stack,
  aws_servicediscovery as servicediscovery,
  aws_sns as sns,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PlaneName } from '../../../lib/release/plane-limits';
import type { ReleaseState } from '../../../lib/release/release';
import { BlueGreenService } from '../../../lib/service/blue-green-service';
import type { BlueGreenServiceProps } from '../../../lib/service/blue-green-service-props';
import { AppMeshPlane } from '../../../lib/traffic/app-mesh-plane';
import { LatticePlane } from '../../../lib/traffic/lattice-plane';
import { LoadBalancerPlane } from '../../../lib/traffic/load-balancer-plane';
import type { TrafficPlane } from '../../../lib/traffic/traffic-plane';

const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');

const planes: Readonly<Record<PlaneName, (scope: Construct, cluster: ecs.ICluster) => TrafficPlane>> = {
  'app-mesh': (scope, cluster) =>
    new AppMeshPlane(scope, 'Plane', {
      namespace: new servicediscovery.PrivateDnsNamespace(scope, 'Namespace', { name: 'svc.local', vpc: cluster.vpc }),
      gateway: { cluster, internetFacing: true },
    }),
  'load-balancer': (scope, { vpc }) => new LoadBalancerPlane(scope, 'Plane', { vpc, internetFacing: false }),
  lattice: (scope, { vpc }) => new LatticePlane(scope, 'Plane', { vpc }),
};

/** What a stack of one's own is made of. */
export interface OwnStackProps {
  readonly plane: PlaneName;
  readonly state: ReleaseState;

  /** @default ['shop'] */
  readonly services?: readonly string[];
  readonly props?: Partial<BlueGreenServiceProps>;

  /** @default - the names of the slots */
  readonly labels?: { readonly blue: string; readonly green: string };
}

/** A stack as somebody writes it who has the construct: with other things in it, and a topic whose name only a deploy knows. */
export class OwnStack extends Stack {
  constructor(scope: Construct, id: string, { plane, state, services = ['shop'], props = {}, labels }: OwnStackProps) {
    super(scope, id);
    const topic = new sns.Topic(this, 'Topic');
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc: new ec2.Vpc(this, 'Vpc') });
    const trafficPlane = planes[plane](this, cluster);
    for (const [index, serviceName] of services.entries()) {
      new BlueGreenService(this, `Service${index}`, {
        cluster,
        trafficPlane,
        serviceName,
        pathPrefix: index === 0 ? '/' : `/${serviceName}`,
        healthCheckPath: '/alive',
        environment: { GREETING: 'hello from {SLOT}', TOPIC: topic.topicArn },
        slots: {
          blue: { ...state.blue, image, label: labels?.blue },
          green: { ...state.green, image, label: labels?.green },
        },
        ...props,
      });
    }
  }
}

/** The template of such a stack. */
export function ownTemplate(props: OwnStackProps) {
  const app = new App();
  new OwnStack(app, 'Own', props);
  return app.synth().getStackByName('Own').template;
}
