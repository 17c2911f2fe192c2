import type { Json } from '../jcs.ts';
import type { Members } from './read-json.ts';
import { Misshapen } from './shape.ts';

/** Names of metrics that conditions can read; a submetric (`http_req_duration{status:200}`) has no such name. */
const READABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** The numbers of a metric by name. Throws `Misshapen` on anything else. */
export function statisticsIn(values: Members | undefined, metric: string): ReadonlyMap<string, number> {
  if (values === undefined) throw new Misshapen(`${metric.slice(0, 64)} has no values`);
  return new Map(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]): [string, number] => {
        if (typeof value === 'number' && Number.isFinite(value)) return [name, value];
        throw new Misshapen(`${name.slice(0, 64)} of ${metric.slice(0, 64)} is no number`);
      }),
  );
}

/** What the metrics of a run say, as facts: percentiles are `p95` and `p99_9`. */
export class MetricFacts {
  readonly #metrics = new Map<string, ReadonlyMap<string, number>>();
  #checks = { passed: 0, failed: 0 };

  take(name: string, statistics: ReadonlyMap<string, number>): void {
    if (this.#metrics.has(name)) throw new Misshapen(`the metric ${name.slice(0, 64)} is repeated`);
    this.#metrics.set(name, statistics);
    if (name === 'checks') this.countCheck(statistics);
  }

  /** Checks that passed and failed, of one of them or of all. */
  countCheck(statistics: ReadonlyMap<string, number>): void {
    this.#checks.passed += countOf(statistics, 'passes');
    this.#checks.failed += countOf(statistics, 'fails');
  }

  counts() {
    const iterations = countOf(this.#metrics.get('iterations') ?? new Map(), 'count');
    return { iterations, checks_passed: this.#checks.passed, checks_failed: this.#checks.failed };
  }

  facts(): { readonly [name: string]: Json } {
    const readable = [...this.#metrics].filter(([name]) => READABLE.test(name));
    return Object.fromEntries(
      readable.map(([name, statistics]) => [
        name,
        Object.fromEntries([...statistics].map(([key, value]) => [factName(key), value])),
      ]),
    );
  }
}

function countOf(statistics: ReadonlyMap<string, number>, name: string): number {
  const count = statistics.get(name) ?? 0;
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new Misshapen(`${name} is no count`);
}

/** `p(99.9)` is `p99_9`: a dot would name a part. */
const factName = (statistic: string): string =>
  statistic.replace(/^p\((\d+(?:\.\d+)?)\)$/, 'p$1').replaceAll('.', '_');
