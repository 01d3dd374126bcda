/** How long a minute of CloudWatch takes on AWS, in seconds. */
export const realMinuteSeconds = 60;

/** The variable by which tools are told how many seconds a minute of CloudWatch takes. */
export const minuteVariable = 'ECS_BLUE_GREEN_MINUTE_SECONDS';

/**
 * What was measured in a minute of CloudWatch. It is told when the minute is over, also when nothing was measured: alarms are evaluated
 * then.
 */
export interface MeasuredMinute {
  /** When it began, as `Date.now()`: a whole number of minutes since 1970. */
  readonly startedAt: number;
  readonly data: readonly MetricDatum[];
  readonly logs: readonly LogLines[];
}

/** The values of one metric in one minute. */
export interface MetricDatum {
  /** Such as `AWS/ApplicationELB`. */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;

  /** As CloudWatch names it, such as `Count`. */
  readonly unit: string;

  /** Different values. */
  readonly values: readonly number[];

  /** How often each of them was measured. */
  readonly counts: readonly number[];
}

/** What a task has written to its log in one minute. */
export interface LogLines {
  readonly logGroup: string;
  readonly logStream: string;
  readonly lines: readonly LogLine[];
}

export interface LogLine {
  /** As `Date.now()`. */
  readonly at: number;
  readonly message: string;
}
