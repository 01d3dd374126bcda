import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';

/** A graph that begins at 0, three in a row. */
export function graph(
  title: string,
  left: readonly cloudwatch.IMetric[],
  props: Partial<cloudwatch.GraphWidgetProps> = {},
): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left: [...left], leftYAxis: { min: 0 }, width: 8, ...props });
}
