import * as z from 'zod/mini';
import { INTERVALS } from '../domain/deployment/roll-up.ts';
import { EnvironmentName, Id } from '../domain/fields.ts';
import { KINDS } from '../domain/subject.ts';
import { EMPTY, endpoint } from './endpoint.ts';

/** Deployments in numbers: what the platform's teams ask of their history. */

const Day = z.iso.date();
const share = z.nullable(z.number());

const lengths = {
  count: z.int(),
  medianSeconds: z.nullable(z.number()),
  p90Seconds: z.nullable(z.number()),
  distribution: z.array(z.strictObject({ upToSeconds: z.nullable(z.int()), count: z.int() })),
};

const measures = {
  deployments: z.int(),
  deployed: z.int(),
  failed: z.int(),
  rolledBack: z.int(),
  rollbackRate: share,
  duration: z.strictObject(lengths),
  deploymentFrequency: z.strictObject({ count: z.int(), days: z.int(), perDay: z.number() }),
  changeLeadTime: z.strictObject({ ...lengths, unknown: z.int() }),
  failedDeploymentRecoveryTime: z.strictObject(lengths),
  changeFailRate: z.strictObject({ failures: z.int(), deployments: z.int(), rate: share }),
  deploymentReworkRate: z.strictObject({
    unplanned: z.int(),
    known: z.int(),
    unknown: z.int(),
    rate: share,
  }),
};
const Measures = z.strictObject(measures);
export type MeasuresView = z.infer<typeof Measures>;

const MetricsView = z.strictObject({
  from: Day,
  to: Day,
  interval: z.enum(INTERVALS),
  kind: z.nullable(z.enum(KINDS)),
  subject: z.nullable(z.string()),
  environments: z.array(
    z.strictObject({
      environment: z.string(),
      terminal: z.boolean(),
      ...measures,
      byKind: z.array(z.strictObject({ kind: z.enum(KINDS), ...measures })),
      series: z.array(z.strictObject({ from: Day, to: Day, ...measures })),
    }),
  ),
  definitions: z.strictObject({
    deployments: z.string(),
    rollbackRate: z.string(),
    duration: z.string(),
    deploymentFrequency: z.string(),
    changeLeadTime: z.string(),
    failedDeploymentRecoveryTime: z.string(),
    changeFailRate: z.string(),
    deploymentReworkRate: z.string(),
    percentiles: z.string(),
  }),
});
export type MetricsView = z.infer<typeof MetricsView>;

export const getDeploymentMetrics = endpoint({
  tag: 'deployment metrics',
  method: 'GET',
  path: '/api/v1/platform/deployments/metrics',
  operation: 'getDeploymentMetrics',
  summary: 'Measure deployments: frequency, failures, DORA’s metrics',
  body: EMPTY,
  query: z.strictObject({
    environment: z.exactOptional(EnvironmentName),
    kind: z.exactOptional(z.enum(KINDS)),
    subject: z.exactOptional(Id),
    from: z.exactOptional(Day),
    to: z.exactOptional(Day),
    interval: z.exactOptional(z.enum(INTERVALS)),
  }),
  response: MetricsView,
  status: [200],
  errors: ['unknown_environment'],
});

export const scrapeMetrics = endpoint({
  tag: 'deployment metrics',
  method: 'GET',
  path: '/metrics',
  operation: 'scrapeMetrics',
  summary: 'Scrape an environment’s metrics as Prometheus text, with a key of type scrape',
  body: EMPTY,
  query: EMPTY,
  status: [200],
  errors: [],
  open: true,
});
