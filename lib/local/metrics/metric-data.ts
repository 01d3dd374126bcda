import type { MetricDatum } from '../emulator/measured-minute';

/** Of what the values of a metric are: one object for each combination, which is told apart from others as an object. */
export interface MetricSubject {
  /** Such as `AWS/ApplicationELB`. */
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The values of metrics in one minute. */
export class MetricData {
  private readonly metrics = new Map<MetricSubject, Map<string, Metric>>();

  /**
   * Adds one value of a metric.
   *
   * @param unit as CloudWatch names it
   */
  add(subject: MetricSubject, metricName: string, unit: string, value: number): void {
    const ofSubject = this.metrics.get(subject) ?? new Map<string, Metric>();
    this.metrics.set(subject, ofSubject);
    const metric = ofSubject.get(metricName) ?? { unit, values: new Map() };
    ofSubject.set(metricName, metric);
    metric.values.set(value, (metric.values.get(value) ?? 0) + 1);
  }

  /** Counts one more. */
  count(subject: MetricSubject, metricName: string): void {
    this.add(subject, metricName, 'Count', 1);
  }

  /** How many values a metric has. */
  countOf(subject: MetricSubject, metricName: string): number {
    return [...(this.metrics.get(subject)?.get(metricName)?.values.values() ?? [])].reduce((sum, each) => sum + each, 0);
  }

  /** All of it. What has no value is not there. */
  get data(): readonly MetricDatum[] {
    return [...this.metrics].flatMap(([{ namespace, dimensions }, ofSubject]) =>
      [...ofSubject].map(([metricName, { unit, values }]) => ({
        namespace,
        metricName,
        dimensions,
        unit,
        values: [...values.keys()],
        counts: [...values.values()],
      })),
    );
  }
}

/** Keeps the one object for each combination of dimensions. */
export class MetricSubjects {
  private readonly known = new Map<string, MetricSubject>();

  constructor(private readonly namespace: string) {}

  /** @param key tells the combination apart from others */
  of(key: string, dimensions: () => Readonly<Record<string, string>>): MetricSubject {
    const subject = this.known.get(key) ?? { namespace: this.namespace, dimensions: dimensions() };
    this.known.set(key, subject);
    return subject;
  }
}

interface Metric {
  readonly unit: string;
  readonly values: Map<number, number>;
}
