import * as z from 'zod/mini';
import { DigestText, Instant } from '../domain/fields.ts';
import { ConfigPromotionView, PersonView } from './config-promotion-view.ts';
import { createConfigPromotion } from './config-promotions.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { ChangeView, DecisionQuery, DecisionView, ManifestView } from './promotion-reads.ts';

/**
 * What can be read of a config promotion beside itself, and trying a failed one again, as below `/promotions`. A decision and a manifest are
 * shown as they were recorded: their digests are of exactly these members.
 */

const base = {
  method: 'GET',
  tag: 'config promotions',
  body: EMPTY,
  query: EMPTY,
  status: [200],
  errors: [],
} as const;
const under = <const P extends string>(part: P) => `/api/v1/config/promotions/{id}/${part}` as const;

export const getConfigDecision = endpoint({
  ...base,
  path: under('decision'),
  operation: 'getConfigDecision',
  summary: 'Read a recorded decision and its digest',
  query: DecisionQuery,
  response: z.strictObject({
    seq: z.int(),
    decision: DecisionView,
    decisionDigest: DigestText,
    governanceChanges: z.exactOptional(
      z.array(
        z.strictObject({ seq: z.int(), at: Instant, by: z.array(PersonView), weakens: z.array(z.string()) }),
      ),
    ),
  }),
});

export const getConfigManifest = endpoint({
  ...base,
  path: under('manifest'),
  operation: 'getConfigManifest',
  summary: 'Read the sealed manifest and its digest',
  response: z.strictObject({ manifestDigest: DigestText, manifest: ManifestView }),
});

export const getConfigImpact = endpoint({
  ...base,
  path: under('impact'),
  operation: 'getConfigImpact',
  summary: 'Read what executing would change in the target now',
  response: z.strictObject({
    environment: z.string(),
    changes: z.array(ChangeView),
    replaces: z.nullable(
      z.strictObject({
        deploymentId: z.string(),
        digest: DigestText,
        version: z.nullable(z.string()),
        liveAt: z.nullable(Instant),
      }),
    ),
    targetMoved: z.boolean(),
    heldBy: z.nullable(z.string()),
  }),
});

export const replayConfigDecision = endpoint({
  ...base,
  method: 'POST',
  path: under('decision/replay'),
  operation: 'replayConfigDecision',
  summary: 'Replay a recorded decision',
  query: DecisionQuery,
  response: z.strictObject({
    seq: z.int(),
    recorded: DigestText,
    replayed: DigestText,
    same: z.boolean(),
    decision: DecisionView,
  }),
});

export const retryConfigPromotion = endpoint({
  ...base,
  method: 'POST',
  path: under('retry'),
  operation: 'retryConfigPromotion',
  summary: 'Request a failed promotion again, as a new one',
  body: z.strictObject({
    /** Needed where a failed rollback is RISKY. */
    acknowledgeRisk: z.exactOptional(z.boolean()),
  }),
  response: ConfigPromotionView,
  status: [201],
  errors: [...createConfigPromotion.errors, 'target_moved', 'locked', 'risk_not_acknowledged'],
  idempotent: true,
});
