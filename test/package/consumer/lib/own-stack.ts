import { aws_ec2 as ec2, aws_ecs as ecs, Stack, type StackProps, aws_servicediscovery as servicediscovery } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  AppMeshPlane,
  BlueGreenService,
  EmptySlotAlarm,
  ErrorAlarm,
  LatticePlane,
  LoadBalancerPlane,
  NamedImage,
  type PlaneName,
  ReleaseDashboard,
  ServiceAlarm,
  SlotDashboard,
  type TrafficPlane,
} from 'ecs-blue-green';

/** A service in a stack of one's own, written by hand. */
export class OwnStack extends Stack {
  constructor(scope: Construct, id: string, { plane, ...props }: StackProps & { readonly plane: PlaneName }) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc });
    const planes: Record<PlaneName, () => TrafficPlane> = {
      'app-mesh': () =>
        new AppMeshPlane(this, 'Plane', {
          namespace: new servicediscovery.PrivateDnsNamespace(this, 'Namespace', { name: 'own.local', vpc }),
          gateway: { cluster, internetFacing: true },
        }),
      'load-balancer': () => new LoadBalancerPlane(this, 'Plane', { vpc, internetFacing: true }),
      lattice: () => new LatticePlane(this, 'Plane', { vpc }),
    };
    const service = new BlueGreenService(this, 'Shop', {
      cluster,
      trafficPlane: planes[plane](),
      serviceName: 'shop',
      slots: {
        blue: { weight: 9, image: new NamedImage('123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.0') },
        green: { weight: 1, image: ecs.ContainerImage.fromRegistry('example/shop:1.5.0') },
      },
      environment: { LISTEN: ':{PORT}' },
    });
    for (const slot of Object.values(service.slots)) {
      new ErrorAlarm(slot, 'ErrorAlarm', { slot });
      new EmptySlotAlarm(slot, 'EmptySlotAlarm', { slot });
      new SlotDashboard(slot, 'Dashboard', { slot });
    }
    new ServiceAlarm(this, 'ServiceAlarm', { service });
    new ReleaseDashboard(this, 'Dashboard', { service });
  }
}
