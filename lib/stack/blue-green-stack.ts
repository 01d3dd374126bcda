import { Annotations, CfnOutput, Duration, aws_ecs as ecs, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { slotNames } from '../release/slots';
import { BlueGreenService } from '../service/blue-green-service';
import { ErrorAlarm } from '../service/error-alarm';
import { ReleaseDashboard } from '../service/release-dashboard';
import { withPlaceholders } from '../settings/environment-variables';
import type { Settings } from '../settings/settings';
import { acknowledgeFindings } from './acknowledgements';
import { containerImage } from './container-image';
import { network } from './network';
import { trafficPlanes } from './planes';

/** Properties of the stack. */
export interface BlueGreenStackProps extends StackProps {
  readonly settings: Settings;
}

/**
 * The name of the stack of an app, to be its construct id too: names that the CDK makes up start with the id, and must differ between
 * two apps in one account.
 */
export function stackNameOf({ appName }: Pick<Settings, 'appName'>): string {
  return `${appName}-blue-green`;
}

/** The app as one stack: network, cluster, traffic plane, the blue/green service, and outputs to find one's way. */
export class BlueGreenStack extends Stack {
  readonly service: BlueGreenService;

  constructor(scope: Construct, id: string, { settings, ...props }: BlueGreenStackProps) {
    super(scope, id, props);

    for (const notice of settings.notices) {
      Annotations.of(this).addInfo(notice);
    }
    const cluster = new ecs.Cluster(this, 'Cluster', {
      vpc: network(this, settings),
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    const trafficPlane = trafficPlanes[settings.trafficPlane](this, {
      ...settings,
      cluster,
      logRetention: settings.logRetentionDays,
      envoy: {
        image: containerImage(this, 'EnvoyRepository', settings.envoyImage).image,
        cpu: settings.envoyCpu,
        memoryReservationMiB: settings.envoyMemoryReservation,
      },
      xray: {
        image: containerImage(this, 'XrayRepository', settings.xrayImage).image,
        cpu: settings.xrayCpu,
        memoryReservationMiB: settings.xrayMemoryReservation,
      },
    });

    const images = mapSlots((slot) => containerImage(this, `${slot}Repository`, settings.slots[slot].image));
    this.service = new BlueGreenService(this, 'App', {
      cluster,
      trafficPlane,
      serviceName: settings.appName,
      slots: mapSlots((slot) => {
        const { active, weight, name } = settings.slots[slot];
        return { active, weight, image: images[slot].image, label: name };
      }),
      port: settings.appPort,
      healthCheckPath: settings.healthcheckPath,
      healthCheckGracePeriod: Duration.seconds(settings.healthcheckGracePeriod),
      cpu: settings.taskCpu,
      memoryLimitMiB: settings.taskMemory,
      appMemoryLimitMiB: settings.appMemory,
      environment: ({ label, port }) => withPlaceholders(settings.appEnvironment, { SLOT: label, PORT: `${port}` }),
      desiredCount: settings.desiredCount,
      platformVersion: settings.platformVersion as ecs.FargatePlatformVersion,
      assignPublicIp: settings.assignPublicIp,
      logRetention: settings.logRetentionDays,
    });
    // For the images of all slots, active or not: turning a slot on must not touch a role that the other slot uses.
    for (const slot of slotNames) {
      images[slot].repository?.grantPull(this.service.executionRole);
    }
    if (settings.alarms) {
      for (const slot of Object.values(this.service.slots)) {
        new ErrorAlarm(slot, 'ErrorAlarm', { slot });
      }
    }
    if (settings.dashboard) {
      new ReleaseDashboard(this, 'Dashboard', { service: this.service });
    }
    this.addOutputs();
    acknowledgeFindings(this, settings.trafficPlane);
  }

  private addOutputs(): void {
    const { service } = this;
    const output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });

    output('Split', service.split, 'how requests are split');
    if (service.url) {
      output('Url', service.url, 'where the service answers');
    }
    for (const [name, value] of Object.entries(service.traffic.names)) {
      output(name, value, 'on the traffic plane');
    }
    for (const slot of Object.values(service.slots)) {
      output(`${slot.node.id}ServiceName`, slot.serviceName, `ECS service of slot ${slot.label}`);
      output(`${slot.node.id}Target`, slot.traffic.targetName, `target of slot ${slot.label} on the traffic plane`);
    }
    output(
      'TaskSecurityGroupId',
      service.securityGroup.securityGroupId,
      'security group of the tasks, to admit further clients; in a mesh, its members only',
    );
  }
}

function mapSlots<T>(make: (slot: (typeof slotNames)[number]) => T): Record<(typeof slotNames)[number], T> {
  return Object.fromEntries(slotNames.map((slot) => [slot, make(slot)])) as Record<(typeof slotNames)[number], T>;
}
