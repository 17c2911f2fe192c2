import { isInstant } from '../instant.ts';
import { canonicalJson } from '../jcs.ts';
import { isFacts } from './json.ts';
import { MetricFacts, statisticsIn } from './k6-metrics.ts';
import { isObject, type Members } from './read-json.ts';
import { MAX_RESULT, type Reading, type Unreadable, unreadable } from './report.ts';
import { Misshapen, readShaped, shapeOf } from './shape.ts';

const { whole, part, list } = shapeOf('k6', [
  ...['root_group', 'state', 'metrics', 'thresholds', 'values', 'type', 'contains', 'ok', 'passes', 'fails'],
  ...['version', 'config', 'metadata', 'results', 'checks', 'name', 'generatedAt', 'total', 'rate', 'count'],
]);

/** What was counted of a run. `unknown`: thresholds on which nothing was measured. */
type Tally = {
  thresholds: number;
  failed: number;
  unknown: number;
  readonly metrics: MetricFacts;
};

/**
 * The end of a k6 run, in each of its three shapes: `data` of `handleSummary()`, where a threshold has `ok`; the file of
 * `--summary-export`, where a threshold is `true` when it was crossed (grafana/k6#1498); and the structured summary
 * (`--new-machine-readable-summary`), which names no thresholds. A run passes by its own thresholds: one without any, or without a finished
 * iteration, says nothing by itself. A threshold on a rate of nothing is unknown (grafana/k6#4283). Statistics are facts too:
 * `metrics.http_req_duration.p95`, in k6's units.
 */
export function readK6(text: string): Reading | Unreadable {
  return readShaped(text, (members) => readingOf(whole(members)));
}

function readingOf(members: Members): Reading | Unreadable {
  const tally: Tally = { thresholds: 0, failed: 0, unknown: 0, metrics: new MetricFacts() };
  const made = 'results' in members ? countStructured(members, tally) : countSummary(members, tally);
  const { thresholds, failed, unknown, metrics } = tally;
  const { iterations, checks_passed, checks_failed } = metrics.counts();
  const result = {
    passed: iterations > 0 && thresholds > 0 && failed === 0 && unknown === 0,
    thresholds,
    thresholds_failed: failed,
    iterations,
    checks_passed,
    checks_failed,
    metrics: metrics.facts(),
    unknown,
    ...(iterations > 0 ? {} : { error: 'no iteration was finished' }),
  };
  if (!isFacts(result)) throw new Misshapen('a statistic has no canonical form');
  if (canonicalJson(result).length > MAX_RESULT) {
    return unreadable(`the document has more than ${MAX_RESULT} characters of facts`);
  }
  return made === undefined ? { result } : { result, produced_at: made };
}

/** The structured summary; returns when it was made. */
function countStructured(members: Members, { metrics }: Tally): string {
  const [results, metadata] = [part(members, 'results'), part(members, 'metadata')];
  const { version } = members;
  if (results === undefined || part(members, 'config') === undefined || 'metrics' in members) throw notK6();
  if (typeof version !== 'string' || !/^1\.\d+\.\d+$/.test(version)) {
    throw new Misshapen('the structured summary is not of version 1');
  }
  const made = metadata?.['generatedAt'];
  if (typeof made !== 'string' || !isInstant(made)) {
    throw new Misshapen('metadata.generatedAt is no RFC 3339 instant');
  }
  for (const metric of list(results, 'metrics')) {
    if ('thresholds' in metric) throw new Misshapen('a structured summary has no thresholds');
    const { name } = metric;
    if (typeof name !== 'string') throw new Misshapen('a metric has no name');
    metrics.take(name, statisticsIn(part(metric, 'values'), name));
  }
  for (const check of list(part(results, 'checks') ?? {}, 'results')) {
    metrics.countCheck(statisticsIn({ passes: check['passes'], fails: check['fails'] }, 'a check'));
  }
  return made;
}

/** The two summaries with a tree of groups. All metrics of one are of one shape: else nobody could tell what `true` means. */
function countSummary(members: Members, tally: Tally): undefined {
  const { metrics: all } = members;
  if (!isObject(all) || !isObject(members['root_group'])) throw notK6();
  const named = Object.keys(all).map((name) => [name, part(all, name) ?? {}] as const);
  const passedOn = named.filter(([, metric]) => 'values' in metric || 'type' in metric).length;
  if (passedOn !== 0 && passedOn !== named.length) throw new Misshapen('the metrics are of different shapes');
  if ('state' in members && passedOn === 0) throw new Misshapen('an exported summary has no state');
  for (const [name, metric] of named) {
    const { thresholds: _, ...exported } = metric;
    const statistics = statisticsIn(passedOn === 0 ? exported : part(metric, 'values'), name);
    const thresholds = Object.entries(part(metric, 'thresholds') ?? {});
    for (const [, threshold] of thresholds) {
      tally.thresholds += 1;
      if (!holds(threshold, passedOn === 0)) tally.failed += 1;
      if (statistics.get('passes') === 0 && statistics.get('fails') === 0) tally.unknown += 1;
    }
    tally.metrics.take(name, statistics);
  }
}

/** `exported`: true means crossed. */
function holds(threshold: unknown, exported: boolean): boolean {
  if (exported && typeof threshold === 'boolean') return !threshold;
  if (!exported && isObject(threshold)) {
    const { ok } = whole(threshold);
    if (typeof ok === 'boolean') return ok;
  }
  throw new Misshapen('a threshold is not as this shape has it');
}

const notK6 = (): Misshapen => new Misshapen('the document is no summary of a k6 run');
