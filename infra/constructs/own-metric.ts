import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DIMENSION, type MetricName, NAMESPACE } from '../metrics.ts';

/** A metric that the functions of one installation write. */
export const ownMetric = (prefix: string, metricName: MetricName, statistic: string): Metric =>
  new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { [DIMENSION]: prefix },
    period: Duration.minutes(5),
    statistic,
  });
