import * as z from 'zod/mini';
import { RECOMMENDATIONS } from '../domain/promotion/rollback.ts';
import { endpoint } from './endpoint.ts';
import { EnvironmentName, QueryFlag, Text, VersionText } from './fields.ts';
import { GateResultView } from './gate-result-view.ts';
import { PromotionView } from './promotion-view.ts';

/** Taking an environment back to a version of an artifact, or a gateway to what an agent ran there before. */

/** What a rollback would do. `null` says that it is not known, and what is not known is never SAFE. */
export const ArtifactRollbackImpactView = z.strictObject({
  recommendation: z.enum(RECOMMENDATIONS),
  reason_codes: z.array(z.string()),
  from_version: z.nullable(z.string()),
  to_version: z.string(),
  /** Consumers of the artifact there; `satisfied`: their constraint takes the version. `null` for agents: nobody declares what calls them. */
  affected_consumers: z.nullable(
    z.array(
      z.strictObject({ id: z.string(), name: z.string(), constraint: z.string(), satisfied: z.boolean() }),
    ),
  ),
  breaking_changes: z.nullable(
    z.array(z.strictObject({ from: z.string(), to: z.string(), change: z.enum(['major_version']) })),
  ),
  /** What today's gates would say of what is gone back to, were it promoted there now. */
  policy_compatibility: z.array(
    z.pick(GateResultView, { name: true, mode: true, status: true, reason_code: true }),
  ),
  later_promotions_undone: z.array(z.string()),
  later_edits_undone: z.int(),
  /** Of past executions there. */
  estimated_downtime_seconds: z.nullable(z.strictObject({ median: z.int(), p90: z.int() })),
});
export type ArtifactRollbackImpactView = z.infer<typeof ArtifactRollbackImpactView>;

const asked = {
  reason: z.exactOptional(Text),
  /** Of an artifact; absent: as the active version was promoted. */
  sync_registries: z.exactOptional(z.boolean()),
  /** Needed where the impact is RISKY; `dry_run=true` tells. */
  acknowledge_risk: z.exactOptional(z.boolean()),
  execution: z.exactOptional(z.enum(['manual', 'automatic'])),
};

export const rollBackArtifact = endpoint({
  tag: 'promotions',
  method: 'POST',
  path: '/api/v1/artifacts/{name}/rollback',
  operation: 'rollBackArtifact',
  summary: 'Takes an environment back to a version that it had',
  body: z.strictObject({
    environment: EnvironmentName,
    /** Absent: the version before the active one. */
    version: z.exactOptional(VersionText),
    ...asked,
  }),
  query: z.strictObject({ dry_run: z.exactOptional(QueryFlag) }),
  response: z.union([
    z.strictObject({ ...PromotionView.shape, impact: ArtifactRollbackImpactView }),
    z.strictObject({ would_be: z.null(), impact: ArtifactRollbackImpactView }),
  ]),
  status: [201, 200],
  errors: [
    'unknown_environment',
    'source_not_deployed',
    'nothing_to_promote',
    'no_registry',
    'invalid_transition',
    'already_open',
    'conflict',
    'target_moved',
    'locked',
    'risk_not_acknowledged',
    'idempotency_key_reused',
  ],
  idempotent: true,
});

export const rollBackPromotion = endpoint({
  ...rollBackArtifact,
  path: '/api/v1/promotions/{id}/rollback',
  operation: 'rollBackPromotion',
  summary: 'Roll back a promotion of an artifact or agent',
  body: z.strictObject({
    /** `restore`, the default: to what was active before it. `revert`: only while nothing came since. */
    mode: z.exactOptional(z.enum(['restore', 'revert'])),
    ...asked,
  }),
});
