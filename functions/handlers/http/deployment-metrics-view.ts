import type { MeasuresView, MetricsView } from '../../contract/deployment-metrics.ts';
import { DEFINITIONS, type Lengths, type Measures } from '../../domain/deployment/measures.ts';
import type { Interval } from '../../domain/deployment/roll-up.ts';
import type { Kind } from '../../domain/subject.ts';
import type { Metrics } from '../../use-cases/deployments/metrics.ts';

/** The metrics in camelCase. An environment is answered as it was asked for. */
export function metricsView(
  { from, to, environments }: Metrics,
  asked: {
    readonly environment?: string;
    readonly kind?: Kind;
    readonly subject?: string;
    readonly interval: Interval;
  },
): MetricsView {
  return {
    from,
    to,
    interval: asked.interval,
    kind: asked.kind ?? null,
    subject: asked.subject ?? null,
    environments: environments.map(({ environment, terminal, measures, by_kind, series }) => ({
      environment: asked.environment ?? environment,
      terminal,
      ...measuresView(measures),
      byKind: by_kind.map((one) => ({ kind: one.kind, ...measuresView(one.measures) })),
      series: series.map((part) => ({ from: part.from, to: part.to, ...measuresView(part.measures) })),
    })),
    definitions: {
      deployments: DEFINITIONS.deployments,
      rollbackRate: DEFINITIONS.rollback_rate,
      duration: DEFINITIONS.duration,
      deploymentFrequency: DEFINITIONS.deployment_frequency,
      changeLeadTime: DEFINITIONS.change_lead_time,
      failedDeploymentRecoveryTime: DEFINITIONS.failed_deployment_recovery_time,
      changeFailRate: DEFINITIONS.change_fail_rate,
      deploymentReworkRate: DEFINITIONS.deployment_rework_rate,
      percentiles: DEFINITIONS.percentiles,
    },
  };
}

function measuresView(measures: Measures): MeasuresView {
  const { deployment_frequency, change_lead_time, deployment_rework_rate } = measures;
  const { count, days, per_day } = deployment_frequency;
  return {
    deployments: measures.deployments,
    deployed: measures.deployed,
    failed: measures.failed,
    rolledBack: measures.rolled_back,
    rollbackRate: measures.rollback_rate,
    duration: lengthsView(measures.duration),
    deploymentFrequency: { count, days, perDay: per_day },
    changeLeadTime: { ...lengthsView(change_lead_time), unknown: change_lead_time.unknown },
    failedDeploymentRecoveryTime: lengthsView(measures.failed_deployment_recovery_time),
    changeFailRate: { ...measures.change_fail_rate },
    deploymentReworkRate: { ...deployment_rework_rate },
  };
}

function lengthsView({ count, median_seconds, p90_seconds, distribution }: Lengths) {
  return {
    count,
    medianSeconds: median_seconds,
    p90Seconds: p90_seconds,
    distribution: distribution.map(({ up_to_seconds, count: times }) => ({
      upToSeconds: up_to_seconds,
      count: times,
    })),
  };
}
