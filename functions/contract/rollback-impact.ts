import * as z from 'zod/mini';
import { Instant } from '../domain/fields.ts';
import { RECOMMENDATIONS } from '../domain/promotion/rollback-impact.ts';
import { KINDS } from '../domain/subject.ts';
import { type CamelOf, camelView } from './camel-view.ts';
import { GateResultView } from './gate-result-view.ts';

/** What a rollback would do, of any kind, in both casings. `null` says that it is not known, and what is not known is never SAFE. */

const recommendation = z.enum(RECOMMENDATIONS);

/** Of configuration: what is live there. Of an artifact: declared consumers; `satisfied`: their constraint takes the version. */
const consumers = z.nullable(
  z.array(
    z.union([
      z.strictObject({ id: z.string(), name: z.string(), constraint: z.string(), satisfied: z.boolean() }),
      z.strictObject({ kind: z.enum(KINDS), name: z.string(), gateway: z.exactOptional(z.string()) }),
    ]),
  ),
);

const breaking = z.nullable(
  z.array(
    z.union([
      z.strictObject({ key: z.string(), change: z.enum(['removed', 'type_changed', 'variants_changed']) }),
      z.strictObject({ from: z.string(), to: z.string(), change: z.enum(['major_version']) }),
    ]),
  ),
);

const version = z.nullable(z.string());
const number = z.nullable(z.int());
const downtime = z.nullable(z.strictObject({ median: z.int(), p90: z.int() }));
/** Revisions that can be asked for by number: the newest ones, newest first. */
const revisions = z.array(z.strictObject({ number: z.int(), version, at: Instant }));
const { name, mode, status, reason_code } = GateResultView.shape;

export const RollbackImpactView = z.strictObject({
  recommendation,
  reason_codes: z.array(z.string()),
  /** Versions, labels or digests; null of configuration. */
  from_version: version,
  to_version: version,
  /** Of what is gone back from and to, in the history of the environment. */
  from_revision: number,
  to_revision: number,
  /** Of configuration: how many change. */
  keys: number,
  /** `null` for agents: nobody declares what calls them. */
  affected_consumers: consumers,
  breaking_changes: breaking,
  /** What today's gates would say of what is gone back to, were it promoted there now. */
  policy_compatibility: z.array(z.strictObject({ name, mode, status, reason_code })),
  later_promotions_undone: z.array(z.string()),
  later_edits_undone: z.int(),
  /** Of past executions there. */
  estimated_downtime_seconds: downtime,
  revisions,
});
export type RollbackImpactView = z.infer<typeof RollbackImpactView>;

/** The same members in camelCase, as the API of configuration has them. */
export const ConfigRollbackImpactView = camelView(RollbackImpactView);
export interface ConfigRollbackImpactView extends CamelOf<typeof RollbackImpactView> {}
