/** What the functions write, as `functions/handlers/metrics.ts` names it; a test compares the two. */
export const NAMESPACE = 'Sluice';
export const DIMENSION = 'installation';
export const METRIC_NAMES = [
  'promotions_completed',
  'promotions_failed',
  'promotions_rejected',
  'promotions_cancelled',
  'promotions_rolled_back',
  'promotions_blocked',
  'deliveries_made',
  'deliveries_postponed',
  'corrupt_answers',
  'sweep_faults',
  'overdue_seconds',
  'log_lag_seconds',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
