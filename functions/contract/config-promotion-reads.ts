import * as z from 'zod/mini';
import { DigestText } from '../domain/fields.ts';
import { camelView } from './camel-view.ts';
import { ConfigPromotionView } from './config-promotion-view.ts';
import { createConfigPromotion } from './config-promotions.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import {
  DecisionQuery,
  DecisionRead,
  DecisionView,
  ImpactView,
  ManifestView,
  ReplayView,
  RuleAppliedView,
} from './promotion-reads.ts';

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
/** Shown to the member: their digests are of exactly these names. */
const AS_RECORDED = { decision: DecisionView, rule: z.exactOptional(RuleAppliedView) };
const under = <const P extends string>(part: P) => `/api/v1/config/promotions/{id}/${part}` as const;

export const getConfigDecision = endpoint({
  ...base,
  path: under('decision'),
  operation: 'getConfigDecision',
  summary: 'Read a recorded decision and its digest',
  query: DecisionQuery,
  response: camelView(DecisionRead, AS_RECORDED),
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
  response: camelView(ImpactView),
});

export const replayConfigDecision = endpoint({
  ...base,
  method: 'POST',
  path: under('decision/replay'),
  operation: 'replayConfigDecision',
  summary: 'Replay a recorded decision',
  query: DecisionQuery,
  response: ReplayView,
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
