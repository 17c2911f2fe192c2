import * as z from 'zod/mini';
import { EnvironmentName, RevisionNumber, Text, VersionText } from '../domain/fields.ts';
import { endpoint } from './endpoint.ts';
import { QueryFlag } from './fields.ts';
import { PromotionView } from './promotion-view.ts';
import { RollbackImpactView } from './rollback-impact.ts';

/** Taking an environment back to a version of an artifact, or to what was there before a promotion. */

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
  body: z
    .strictObject({
      environment: EnvironmentName,
      /** Without it and `to_revision`: the version before the active one. */
      version: z.exactOptional(VersionText),
      to_revision: z.exactOptional(RevisionNumber),
      ...asked,
    })
    .check(
      z.refine(
        ({ version, to_revision }) => version === undefined || to_revision === undefined,
        'takes a version or to_revision, not both',
      ),
    ),
  query: z.strictObject({ dry_run: z.exactOptional(QueryFlag) }),
  response: z.union([
    z.strictObject({ ...PromotionView.shape, impact: RollbackImpactView }),
    z.strictObject({ would_be: z.null(), impact: RollbackImpactView }),
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
  summary: 'Roll back a completed promotion',
  body: z.strictObject({
    /** `restore`, the default: to what was active before it. `revert`: only while nothing came since. */
    mode: z.exactOptional(z.enum(['restore', 'revert'])),
    /** Of a restore: to which revision that the environment had; absent: the one before the promotion. */
    to_revision: z.exactOptional(RevisionNumber),
    ...asked,
  }),
});
