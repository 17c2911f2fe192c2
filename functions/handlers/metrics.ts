/**
 * Every metric of Sluice, with its unit. Each costs money in every month in which it was written, so there are few, none has a tenant or
 * a promotion as dimension, and a zero is not written.
 */
export const METRICS = {
  promotions_completed: 'Count',
  promotions_failed: 'Count',
  promotions_rejected: 'Count',
  promotions_cancelled: 'Count',
  promotions_rolled_back: 'Count',
  promotions_blocked: 'Count',
  deliveries_made: 'Count',
  deliveries_postponed: 'Count',
  corrupt_answers: 'Count',
  sweep_faults: 'Count',
  overdue_seconds: 'Seconds',
  log_lag_seconds: 'Seconds',
} as const satisfies { readonly [name: string]: 'Count' | 'Seconds' };

export type MetricName = keyof typeof METRICS;
export type Measured = { readonly [name in MetricName]?: number };

/** Where metrics are written. */
export type Meter = (measured: Measured) => void;

/** What CloudWatch reads metrics under; the template uses the same names for alarms and the dashboard. */
export const NAMESPACE = 'Sluice';
export const DIMENSION = 'installation';

/**
 * Writes metrics in CloudWatch's embedded metric format: one line of JSON on standard output. `console` would put a prefix before it, by
 * which CloudWatch no longer knows the format.
 */
export function openMeter(
  installation: string = process.env['INSTALLATION'] ?? 'sluice',
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
  now: () => number = Date.now,
): Meter {
  return (measured) => {
    const values = Object.entries(measured).filter(([, value]) => value !== undefined && value !== 0);
    if (values.length === 0) return;
    const names = values.map(([name]) => name).filter(isMetric);
    const Metrics = names.map((Name) => ({ Name, Unit: METRICS[Name] }));
    const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [[DIMENSION]], Metrics }];
    const _aws = { Timestamp: now(), CloudWatchMetrics };
    write(JSON.stringify({ _aws, [DIMENSION]: installation, ...Object.fromEntries(values) }));
  };
}

const isMetric = (name: string): name is MetricName => name in METRICS;
