import { aws_ec2 as ec2, aws_ecs as ecs, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BlueGreenService, type Settings, serviceProps, trafficPlaneOf } from 'ecs-blue-green';

/** A service in a stack of one's own, fed from the flags. */
export class FlagsStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: StackProps & { readonly settings: Settings }) {
    super(scope, id, props);
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc: new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 }) });
    const trafficPlane = trafficPlaneOf(this, settings, cluster);
    new BlueGreenService(this, 'Service', { cluster, trafficPlane, ...serviceProps(this, settings) });
  }
}
