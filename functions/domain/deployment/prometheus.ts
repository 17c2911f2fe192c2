import type { Kind } from '../subject.ts';
import type { Lengths, Measures } from './measures.ts';

/** The media type of the text format, version 0.0.4 (Prometheus, "Exposition formats"). */
export const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

/** The measures of some kinds in an environment over the last days. */
export type Scraped = {
  readonly environment: string;
  readonly days: number;
  readonly by_kind: readonly { readonly kind: Kind; readonly measures: Measures }[];
};

type Labels = { readonly [name: string]: string };
type Sample = readonly [labels: Labels, value: number | null];

/**
 * Measures as gauges: they are about a window that moves, and a status may change later, so none only grows. What is not known has no
 * sample.
 */
export function prometheusText({ environment, days, by_kind }: Scraped): string {
  const of = (samples: (measures: Measures) => readonly Sample[]): readonly Sample[] =>
    by_kind.flatMap(({ kind, measures }) =>
      samples(measures).map(([labels, value]): Sample => [{ environment, kind, ...labels }, value]),
    );
  const window = `the last ${days} days`;
  return [
    family(
      'sluice_deployments',
      `Deployments of ${window} by status.`,
      of(({ deployed, failed, rolled_back }) => [
        [{ status: 'DEPLOYED' }, deployed],
        [{ status: 'FAILED' }, failed],
        [{ status: 'ROLLED_BACK' }, rolled_back],
      ]),
    ),
    family(
      'sluice_deployment_frequency_per_day',
      `Deployments per day of ${window}.`,
      of(({ deployment_frequency }) => [[{}, deployment_frequency.per_day]]),
    ),
    family(
      'sluice_deployment_duration_seconds',
      'From the beginning of a deployment to its outcome.',
      of(({ duration }) => quantiles(duration)),
    ),
    family(
      'sluice_change_lead_time_seconds',
      'From the first unshipped commit until it served.',
      of(({ change_lead_time }) => quantiles(change_lead_time)),
    ),
    family(
      'sluice_failed_deployment_recovery_time_seconds',
      'From a failed deployment to the next one that served.',
      of(({ failed_deployment_recovery_time }) => quantiles(failed_deployment_recovery_time)),
    ),
    family(
      'sluice_change_fail_ratio',
      `Failed and rolled back deployments of ${window} divided by all.`,
      of(({ change_fail_rate }) => [[{}, change_fail_rate.rate]]),
    ),
    family(
      'sluice_deployment_rework_ratio',
      `Unplanned deployments of ${window} divided by those that say whether they were planned.`,
      of(({ deployment_rework_rate }) => [[{}, deployment_rework_rate.rate]]),
    ),
  ].join('');
}

function quantiles({ median_seconds, p90_seconds }: Lengths): readonly Sample[] {
  return [
    [{ quantile: '0.5' }, median_seconds],
    [{ quantile: '0.9' }, p90_seconds],
  ];
}

function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) =>
    value === null ? [] : [`${name}{${labelText(labels)}} ${value}\n`],
  );
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escaped)}"`)
    .join(',');
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
