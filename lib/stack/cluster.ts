import { aws_ecs as ecs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from '../settings/settings';
import { type NetworkSettings, network } from './network';

/**
 * The cluster that the settings name, or a new one with the capacity providers of Fargate, in the network that they name.
 *
 * @throws SettingsError when the named VPC lacks the subnets that the other settings ask for
 */
export function clusterOf(scope: Construct, settings: NetworkSettings & Pick<Settings, 'clusterName'>): ecs.ICluster {
  const vpc = network(scope, settings);
  return settings.clusterName === undefined
    ? new ecs.Cluster(scope, 'Cluster', {
        vpc,
        containerInsightsV2: ecs.ContainerInsights.ENABLED,
        enableFargateCapacityProviders: true,
      })
    : ecs.Cluster.fromClusterAttributes(scope, 'Cluster', { clusterName: settings.clusterName, vpc });
}
