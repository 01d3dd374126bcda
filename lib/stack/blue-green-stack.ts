// The app as one stack: what the settings say, handed to the constructs. Words about flags and scans have their place here.

import { Annotations, CfnOutput, type aws_ecs as ecs, Stack, type StackProps, aws_sns as sns } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BlueGreenService } from '../service/blue-green-service';
import { EmptySlotAlarm } from '../service/empty-slot-alarm';
import { ErrorAlarm } from '../service/error-alarm';
import { ReleaseDashboard } from '../service/release-dashboard';
import { ServiceAlarm } from '../service/service-alarm';
import { SlotDashboard } from '../service/slot-dashboard';
import type { Settings } from '../settings/settings';
import { acknowledgeFindings } from './acknowledgements';
import { clusterOf } from './cluster';
import { serviceProps } from './service-props';
import { trafficPlaneOf } from './traffic-plane-of';

// Never on Spot: the requests of all slots come in there, and it is part of no version.
const gatewayCapacity = [{ capacityProvider: 'FARGATE', weight: 1 }];

/** Properties of the stack. */
export interface BlueGreenStackProps extends StackProps {
  readonly settings: Settings;
}

/** The app as one stack: network, cluster, traffic plane, the blue/green service, and outputs to find one's way. */
export class BlueGreenStack extends Stack {
  readonly service: BlueGreenService;

  constructor(scope: Construct, id: string, { settings, ...props }: BlueGreenStackProps) {
    super(scope, id, { ...props, terminationProtection: props.terminationProtection ?? settings.protect });

    for (const notice of settings.notices) {
      Annotations.of(this).addInfo(notice);
    }
    const cluster = clusterOf(this, settings);
    this.service = new BlueGreenService(this, 'App', {
      cluster,
      trafficPlane: trafficPlaneOf(this, settings, cluster, gatewayCapacity),
      ...serviceProps(this, settings),
    });
    if (settings.alarms) {
      this.addAlarms(settings);
    }
    if (settings.dashboard) {
      const dashboard = new ReleaseDashboard(this, 'Dashboard', { service: this.service });
      this.service.guard?.holdBack(dashboard);
      for (const slot of Object.values(this.service.slots)) {
        new SlotDashboard(slot, 'Dashboard', { slot });
      }
    }
    this.addOutputs(cluster);
    acknowledgeFindings(this, settings);
  }

  private addAlarms(settings: Settings): void {
    const { alarmTopicArn } = settings;
    const topic = alarmTopicArn === undefined ? undefined : sns.Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn);
    const output = (id: string, { alarmArn }: { readonly alarmArn: string }, description: string) =>
      new CfnOutput(this, `${id}Arn`, { value: alarmArn, description });

    const alarm = new ServiceAlarm(this, 'ServiceAlarm', { service: this.service, topic });
    this.service.guard?.holdBack(alarm);
    output(
      'ServiceAlarm',
      alarm,
      settings.listenerArn === undefined || settings.trafficPlane !== 'load-balancer'
        ? 'alarm of the service as a whole, there in every step of a release: for --rollback-trigger-alarm-arns'
        : 'alarm of all that is behind the load balancer, there in every step of a release: no rollback trigger',
    );
    for (const slot of Object.values(this.service.slots)) {
      const [name, ofSlot] = [slot.node.id, `of slot ${slot.label}, which goes with the slot`];
      output(`${name}ErrorAlarm`, new ErrorAlarm(slot, 'ErrorAlarm', { slot, topic }), `alarm on the errors ${ofSlot}`);
      output(
        `${name}EmptySlotAlarm`,
        new EmptySlotAlarm(slot, 'EmptySlotAlarm', { slot, topic }),
        `alarm on the tasks ${ofSlot}`,
      );
    }
  }

  private addOutputs({ clusterName }: ecs.ICluster): void {
    const { service } = this;
    const output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });

    output('Split', service.split, 'how requests are split');
    output('SettleSeconds', `${service.settleSeconds}`, 'how long after a deploy its split is in force everywhere');
    if (service.url) {
      output('Url', service.url, 'where the service answers');
    }
    for (const [name, value] of Object.entries(service.traffic.names)) {
      output(name, value, 'on the traffic plane');
    }
    output('ClusterName', clusterName, 'cluster of the ECS services');
    for (const slot of Object.values(service.slots)) {
      if (slot.traffic.preview) {
        output(
          `${slot.node.id}Preview`,
          slot.traffic.preview,
          `request header that reaches slot ${slot.label} whatever its weight`,
        );
      }
      output(`${slot.node.id}ServiceName`, slot.service.serviceName, `ECS service of slot ${slot.label}`);
      output(`${slot.node.id}Target`, slot.traffic.targetName, `target of slot ${slot.label} on the traffic plane`);
    }
    output(
      'TaskSecurityGroupId',
      service.securityGroup.securityGroupId,
      'security group of the tasks, to admit further clients; in a mesh, its members only',
    );
  }
}
