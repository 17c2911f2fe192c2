import { describe, expect, it } from 'vitest';
import { measuresOf } from '../../../functions/domain/deployment/measures.ts';
import { prometheusText } from '../../../functions/domain/deployment/prometheus.ts';
import { NO_DEPLOYMENTS, type Tally } from '../../../functions/domain/deployment/tally.ts';

/** Ten deployments of a week: six serve, three failed, one was taken back; four say whether they were planned. */
const TEN: Tally = {
  deployed: 6,
  failed: 3,
  rolled_back: 1,
  duration: [
    [30, 2],
    [90, 2],
  ],
  lead: [[3_600, 1]],
  lead_unknown: 5,
  recovery: [],
  unplanned: 1,
  planned: 3,
};
const measures = measuresOf(TEN, 7);

describe('the measures of some deployments', () => {
  it('count all whose outcome is known, and how many a day', () => {
    expect(measures).toMatchObject({ deployments: 10, deployed: 6, failed: 3, rolled_back: 1 });
    expect(measures.deployment_frequency).toEqual({ count: 10, days: 7, per_day: 10 / 7 });
  });

  it('are shares: of those taken back, of those that failed or were taken back', () => {
    expect(measures.rollback_rate).toBe(0.1);
    expect(measures.change_fail_rate).toEqual({ failures: 4, deployments: 10, rate: 0.4 });
  });

  it('share the unplanned among those that say it', () => {
    expect(measures.deployment_rework_rate).toEqual({ unplanned: 1, known: 4, unknown: 6, rate: 0.25 });
  });

  it('give the median and the 90th percentile of lengths', () => {
    expect(measures.duration).toMatchObject({ count: 4, median_seconds: 60, p90_seconds: 90 });
    expect(measures.change_lead_time).toMatchObject({ count: 1, median_seconds: 3_600, unknown: 5 });
    expect(measures.failed_deployment_recovery_time).toMatchObject({ count: 0, median_seconds: null });
  });

  it('are not known where there is nothing to measure', () => {
    const none = measuresOf(NO_DEPLOYMENTS, 7);
    expect(none.rollback_rate).toBeNull();
    expect(none.change_fail_rate.rate).toBeNull();
    expect(none.deployment_rework_rate.rate).toBeNull();
    expect(none.deployment_frequency.per_day).toBe(0);
  });
});

describe('the parts of a distribution', () => {
  const parts = (...lengths: readonly number[]) =>
    measuresOf(
      { ...NO_DEPLOYMENTS, duration: lengths.map((seconds) => [seconds, 1] as const) },
      1,
    ).duration.distribution.map(({ up_to_seconds, count }) => [up_to_seconds, count]);

  it('include their upper bound, and each length once', () => {
    expect(parts(0, 60, 61, 300, 301, 86_400, 86_401)).toEqual([
      [60, 2],
      [300, 2],
      [900, 1],
      [3_600, 0],
      [14_400, 0],
      [86_400, 1],
      [null, 1],
    ]);
  });
});

describe('the measures as Prometheus scrapes them', () => {
  const text = (kinds: readonly ('agent' | 'artifact')[], environment = 'production') =>
    prometheusText({ environment, days: 7, by_kind: kinds.map((kind) => ({ kind, measures })) });

  it('are gauges with a help line, one sample a kind', () => {
    const lines = text(['agent', 'artifact']).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '# HELP sluice_deployments Deployments of the last 7 days by status.',
      '# TYPE sluice_deployments gauge',
      'sluice_deployments{environment="production",kind="agent",status="DEPLOYED"} 6',
      'sluice_deployments{environment="production",kind="agent",status="FAILED"} 3',
      'sluice_deployments{environment="production",kind="agent",status="ROLLED_BACK"} 1',
    ]);
    expect(lines).toContain('sluice_change_fail_ratio{environment="production",kind="artifact"} 0.4');
    expect(lines).toContain('sluice_deployment_rework_ratio{environment="production",kind="agent"} 0.25');
    expect(lines).toContain(
      'sluice_deployment_duration_seconds{environment="production",kind="agent",quantile="0.5"} 60',
    );
    expect(lines).toContain(
      'sluice_deployment_duration_seconds{environment="production",kind="agent",quantile="0.9"} 90',
    );
    expect(lines).toContain(
      'sluice_change_lead_time_seconds{environment="production",kind="agent",quantile="0.5"} 3600',
    );
  });

  it('end each line, and leave out what is not known', () => {
    expect(text(['agent']).endsWith('\n')).toBe(true);
    expect(text(['agent'])).not.toContain('\n\n');
    expect(text(['agent'])).not.toContain('sluice_failed_deployment_recovery_time_seconds');
    expect(text([])).toBe('');
  });

  it('escape what would end a label', () => {
    expect(text(['agent'], 'a"b\\c\nd')).toContain('environment="a\\"b\\\\c\\nd"');
  });
});
