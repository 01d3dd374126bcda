import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type AlarmTopicProps, tellTopic } from './alarm-topic';
import type { Slot } from './slot';

/** Properties of the alarm. */
export interface EmptySlotAlarmProps extends AlarmTopicProps {
  /** The slot to watch. */
  readonly slot: Slot;
}

/**
 * Goes off when for five minutes a slot has had no task that could answer, whatever its weight: no healthy one where the plane tells, else
 * no running one. When a slot has just joined it may go off for a minute or two, until the first counts come.
 *
 * On a plane that does not tell, the cluster needs Container Insights: without it the alarm stays in alarm.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export class EmptySlotAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, { slot, ...whom }: EmptySlotAlarmProps) {
    const { healthyTargets } = slot.metrics;
    super(scope, id, {
      // The highest value of a minute: each node of a load balancer says what it sees, and one task is enough.
      metric: (healthyTargets ?? runningTasks(slot)).with({ statistic: cloudwatch.Stats.MAXIMUM }),
      alarmDescription: `slot ${slot.label} of ${slot.taskDefinition.family} has no ${healthyTargets ? 'healthy' : 'running'} task`,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 5,
      // What has no tasks may report nothing.
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    // A slot that comes up has no tasks yet, and one that goes has none any more. What counts the tasks of the service refers to it.
    if (healthyTargets) {
      this.node.addDependency(slot.service);
    }
    tellTopic(this, whom);
  }
}

function runningTasks({ service }: Slot): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'ECS/ContainerInsights',
    metricName: 'RunningTaskCount',
    period: Duration.minutes(1),
    dimensionsMap: { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName },
  });
}
