import { json, type Sample } from './sample.ts';

const root_group = { name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', groups: [], checks: [] };
const EXPRESSION = 'p(95)<500';
const times = { avg: 202.95, min: 132.28, med: 152.79, max: 408.67, 'p(90)': 280.83, 'p(95)': 302.1 };

const iterations = { type: 'counter', contains: 'default', values: { count: 120, rate: 12 } };
const passedOn = (metrics: object, state: object = { testRunDurationMs: 10_000 }) =>
  json({ root_group, options: {}, state, metrics: { iterations, ...metrics } });
const duration = (thresholds?: unknown) => ({
  http_req_duration: {
    type: 'trend',
    contains: 'time',
    values: times,
    ...(thresholds === undefined ? {} : { thresholds }),
  },
});
const checks = (passes: number, fails: number) => ({
  checks: {
    type: 'rate',
    contains: 'default',
    values: { rate: 0, passes, fails },
    thresholds: { 'rate>=0.9': { ok: true } },
  },
});

const exported = (metrics: object) =>
  json({ root_group, metrics: { iterations: { count: 120, rate: 12 }, ...metrics } });
const exportedDuration = (thresholds?: unknown) => ({
  http_req_duration: { ...times, ...(thresholds === undefined ? {} : { thresholds }) },
});

const structured = (metrics: readonly object[], more: object = {}) =>
  json({
    version: '1.0.0',
    config: { duration: 10, execution: 'local', script: 'load.js' },
    metadata: { generatedAt: '2026-11-20T10:00:00.5Z', k6Version: '1.6.0' },
    results: {
      checks: { metrics: [], results: [{ name: 'is up', passes: 118, fails: 2 }] },
      metrics: [
        { name: 'iterations', type: 'counter', contains: 'default', values: { count: 120 } },
        ...metrics,
      ],
    },
    ...more,
  });
const trend = { name: 'http_req_duration', type: 'trend', contains: 'time', values: times };

/** Summaries of k6: the documented `data` of handleSummary(), the file of --summary-export, and the structured summary of github.com/grafana/k6, `internal/lib/summary/machinereadable`. */
export const K6: readonly Sample[] = [
  {
    source: 'handleSummary: a threshold that is ok',
    text: passedOn(duration({ [EXPRESSION]: { ok: true } })),
    verdict: 'passes',
    facts: { thresholds: 1, iterations: 120, metrics: { http_req_duration: { p95: 302.1, avg: 202.95 } } },
  },
  {
    source: 'handleSummary: a threshold that is not ok',
    text: passedOn(duration({ [EXPRESSION]: { ok: false }, 'avg<900': { ok: true } })),
    verdict: 'fails',
    facts: { thresholds: 2, thresholds_failed: 1 },
    lifts: [EXPRESSION, `${EXPRESSION}.ok`].map((end) => `metrics.http_req_duration.thresholds.${end}`),
  },
  {
    source: 'handleSummary: a threshold of a submetric',
    text: passedOn({
      'http_req_duration{status:200}': { ...duration({ [EXPRESSION]: { ok: false } }).http_req_duration },
    }),
    verdict: 'fails',
    facts: { thresholds_failed: 1 },
  },
  {
    source: 'handleSummary: no threshold, nothing was judged',
    text: passedOn(duration()),
    verdict: 'fails',
    facts: { thresholds: 0 },
  },
  {
    source: 'grafana/k6#4283: a rate of nothing is ok',
    text: passedOn(checks(0, 0)),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'handleSummary: checks',
    text: passedOn(checks(118, 2)),
    verdict: 'passes',
    facts: { checks_passed: 118, checks_failed: 2 },
  },
  {
    source: 'no iteration was finished',
    text: json({ root_group, state: {}, metrics: duration({ [EXPRESSION]: { ok: true } }) }),
    verdict: 'says nothing',
  },
  {
    source: '--summary-export: false means that it was not crossed',
    text: exported(exportedDuration({ [EXPRESSION]: false })),
    verdict: 'passes',
    facts: { thresholds: 1 },
  },
  {
    source: '--summary-export: true means that it was crossed (grafana/k6#1498)',
    text: exported(exportedDuration({ [EXPRESSION]: true })),
    verdict: 'fails',
    facts: { thresholds_failed: 1 },
    lifts: [`metrics.http_req_duration.thresholds.${EXPRESSION}`],
  },
  {
    source: '--summary-export of a rate of nothing',
    text: exported({ checks: { value: 0, passes: 0, fails: 0, thresholds: { 'rate>0.9': false } } }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'SummaryResults: no thresholds are named, so the run says nothing of them',
    text: structured([trend]),
    verdict: 'fails',
    facts: { thresholds: 0, checks_failed: 2, metrics: { http_req_duration: { p95: 302.1 } } },
  },
  {
    source: 'structured without its metadata',
    text: structured([], { metadata: {} }),
    verdict: 'is refused',
  },
  { source: 'structured of version 2', text: structured([], { version: '2.0.0' }), verdict: 'is refused' },
  {
    source: 'structured with thresholds: nobody knows what they mean',
    text: structured([{ ...trend, thresholds: { [EXPRESSION]: true } }]),
    verdict: 'is refused',
  },
  { source: 'the same metric twice', text: structured([trend, trend]), verdict: 'is refused' },
  {
    source: 'a threshold of the other shape',
    text: passedOn(duration({ [EXPRESSION]: true })),
    verdict: 'is refused',
  },
  {
    source: 'a threshold of the other shape, exported',
    text: exported(exportedDuration({ [EXPRESSION]: { ok: true } })),
    verdict: 'is refused',
  },
  {
    source: 'metrics of both shapes',
    text: passedOn(exportedDuration({ [EXPRESSION]: false })),
    verdict: 'is refused',
  },
  { source: 'a statistic in words', text: exported({ x: { avg: 'fast' } }), verdict: 'is refused' },
  {
    source: 'Go reads members in any letter case',
    text: passedOn({ x: { ...duration().http_req_duration, Thresholds: {} } }),
    verdict: 'is refused',
  },
  {
    source: 'a line of --out json',
    text: json({ type: 'Metric', data: { type: 'trend' }, metric: 'http_req_duration' }),
    verdict: 'is refused',
  },
];
