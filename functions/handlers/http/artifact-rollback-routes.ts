import * as contract from '../../contract/artifact-rollbacks.ts';
import { rollBackToImageTag } from '../../contract/platform-rollbacks.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { rollBackArtifact } from '../../use-cases/rollbacks/artifact.ts';
import { rollBackToTag } from '../../use-cases/rollbacks/artifact-tag.ts';
import type { BegunRollback, RolledBack } from '../../use-cases/rollbacks/judged.ts';
import { rollBackPromotion } from '../../use-cases/rollbacks/promotion.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { configPromotionView } from './config-promotion-views.ts';
import { PLATFORM } from './deployment-reports.ts';
import { RUNNING } from './promotion-verb-routes.ts';
import { dryRunView, promotionView } from './promotion-views.ts';
import { type Answer, created, ok } from './reply.ts';
import { rollbackImpactView } from './rollback-impact-views.ts';
import { type Route, route } from './route.ts';

const begun = ({ state, impact }: BegunRollback): Answer =>
  created({ ...promotionView(state), impact: rollbackImpactView(impact) }, `/api/v1/promotions/${state.id}`);

const accepted = (state: PromotionState): Answer => ({
  status: 202,
  body: configPromotionView(state),
  headers: { location: `/api/v1/config/promotions/${state.id}`, 'retry-after': RUNNING },
});

/** Taking an environment back to a version that it had, by the version or by the promotion that replaced it. */
export const artifactRollbackRoutes: readonly Route<DrivingDeps>[] = [
  route(contract.rollBackArtifact, async ({ principal, param, body, query, keeping }, deps) => {
    const input = { principal, artifact: param('name'), ...body, dry_run: query.dry_run ?? false };
    return answerOf(await rollBackArtifact(deps, { ...input, ...keeping(begun) }));
  }),
  route(contract.rollBackPromotion, async ({ principal, param, body, query, keeping }, deps) => {
    const { mode = 'restore', ...rest } = body;
    const input = { principal, id: param('id'), mode, ...rest, dry_run: query.dry_run ?? false };
    return answerOf(await rollBackPromotion(deps, { ...input, ...keeping(begun) }));
  }),
  route(rollBackToImageTag, async ({ principal, param, body, keeping }, deps) => {
    const input = { principal, artifact: PLATFORM.name, tag: param('imageTag'), ...body };
    const state = await rollBackToTag(deps, { ...input, ...keeping(accepted) });
    return isRefusal(state) ? state : accepted(state);
  }),
];

function answerOf(rolled: RolledBack | Refusal): Answer | Refusal {
  if (isRefusal(rolled)) return rolled;
  const { state, impact, stops } = rolled;
  if (state === undefined) return ok({ would_be: null, impact: rollbackImpactView(impact) });
  if (rolled.created) return begun({ state, impact });
  return ok({ ...dryRunView(state, stops), impact: rollbackImpactView(impact) });
}
