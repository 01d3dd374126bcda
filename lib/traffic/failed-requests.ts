import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';

/**
 * Requests without a proper answer, as a sum: all but those with a status below 500. An error that the plane answers in place of a target that
 * closes the connection or takes too long is nowhere counted by target, so what is counted is the proper answers.
 *
 * @param answers the counts of answers with a status from 200 to 299, 300 to 399 and 400 to 499
 */
export function failedRequests(
  requests: cloudwatch.IMetric,
  answers: readonly [cloudwatch.IMetric, cloudwatch.IMetric, cloudwatch.IMetric],
): cloudwatch.IMetric {
  const period = Duration.minutes(1);
  const [ok, redirects, refusals] = answers;
  const proper = new cloudwatch.MathExpression({
    // A count that is zero is not reported.
    expression: 'FILL(ok, 0) + FILL(redirects, 0) + FILL(refusals, 0)',
    label: 'proper answers',
    period,
    usingMetrics: { ok, redirects, refusals },
  });
  return new cloudwatch.MathExpression({
    // A long request may be answered in another minute than that in which it is counted.
    expression: 'IF(asked > proper, asked - proper, 0)',
    label: 'errors',
    period,
    usingMetrics: { asked: requests, proper },
  });
}
