import type * as z from 'zod/mini';
import { retryConfigPromotion } from '../../contract/config-promotion-reads.ts';
import * as contract from '../../contract/config-promotions.ts';
import { actorOf } from '../../domain/identity/principal.ts';
import type { ConfigAsked, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { mayRequest } from '../../use-cases/access/may-request.ts';
import type { Reselection } from '../../use-cases/kinds/kind.ts';
import { type Created, createPromotion } from '../../use-cases/promotions/create.ts';
import { listPromotions } from '../../use-cases/promotions/list.ts';
import { readRequestAhead, readRollbackAhead } from '../../use-cases/promotions/read-ahead.ts';
import type { BegunRollback } from '../../use-cases/rollbacks/judged.ts';
import { rollBackPromotion } from '../../use-cases/rollbacks/promotion.ts';
import { retryPromotion } from '../../use-cases/rollbacks/retry.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { configDryRunView, configPromotionView, configStandingView } from './config-promotion-views.ts';
import { promotionVerbRoutes } from './promotion-verb-routes.ts';
import { routeAhead, type Said } from './read-ahead.ts';
import { type Answer, created, ok } from './reply.ts';
import { configRollbackImpactView } from './rollback-impact-views.ts';
import { type Route, route } from './route.ts';

const made = (state: PromotionState): Answer =>
  created(configPromotionView(state), `/api/v1/config/promotions/${state.id}`);

const begun = ({ state, impact }: BegunRollback): Answer => ({
  ...made(state),
  body: { ...configPromotionView(state), impact: configRollbackImpactView(impact) },
});

const requested = (result: Created | Refusal): Answer | Refusal => {
  if (isRefusal(result)) return result;
  return result.created ? made(result.state) : ok(configDryRunView(result.state, result.stops));
};

/** What a body selects, in domain words. */
const selectionOf = ({
  promotionType,
  configIds = [],
  flagIds = [],
  keyPatterns = [],
  prune = false,
}: Selection): Reselection => ({
  selects: promotionType,
  config_ids: configIds,
  flag_ids: flagIds,
  key_patterns: keyPatterns,
  prune,
});

type Selection = Pick<
  z.infer<typeof contract.NewConfigPromotion>,
  'promotionType' | 'configIds' | 'flagIds' | 'keyPatterns' | 'prune'
>;

/**
 * What is asked for. What the body has beside its hop and its selection goes into the request under its own name: a new member
 * that the request does not know does not compile.
 */
function requestOf(body: z.infer<typeof contract.NewConfigPromotion>) {
  const { sourceEnvironment, targetEnvironment, execution: _, supersede: __, ...asked } = body;
  const { promotionType: _t, configIds: _c, flagIds: _f, keyPatterns: _k, prune: _p, ...others } = asked;
  const own: keyof typeof others extends keyof ConfigAsked ? typeof others : never = others;
  return {
    kind: 'config',
    ...selectionOf(asked),
    ...own,
    target_environment: targetEnvironment,
    ...(sourceEnvironment === undefined ? {} : { source_environment: sourceEnvironment }),
  } as const;
}

/** Whether a request only asks what would come of it. */
const isTried = ({
  dryRun = false,
  dry_run = false,
}: {
  readonly dryRun?: boolean;
  readonly dry_run?: boolean;
}) => dryRun || dry_run;

const requestAhead = (
  { tenant, body }: Said<z.infer<typeof contract.NewConfigPromotion>>,
  deps: DrivingDeps,
): void => readRequestAhead(deps, tenant, requestOf(body));

const rollbackAhead = ({ tenant, parameters }: Said<unknown>, deps: DrivingDeps): void =>
  readRollbackAhead(deps, tenant, parameters['id'] ?? '');

/** Requesting config promotions, and the verbs on them. */
export const configPromotionRoutes: readonly Route<DrivingDeps>[] = [
  routeAhead(
    contract.createConfigPromotion,
    requestAhead,
    async ({ principal, body, query, keeping }, deps) => {
      const { execution, supersede } = body;
      const request = requestOf(body);
      const result = await createPromotion(deps, {
        actor: actorOf(principal),
        permit: () => mayRequest(deps, principal, request),
        tenant: principal.tenant,
        request,
        ...(execution === undefined ? {} : { execution }),
        ...(supersede === true ? { supersede: principal } : {}),
        dry_run: isTried(query),
        ...keeping(made),
      });
      return requested(result);
    },
  ),
  route(contract.listConfigPromotions, async ({ principal, query, page, paged }, deps) => {
    const { status, targetEnvironment } = query;
    const asked = { status: status?.join(), targetEnvironment };
    const pageAsked = await page(deps, asked);
    if ('refused' in pageAsked) return pageAsked;
    const refusal = await authorize(deps, principal, 'read');
    if (refusal !== undefined) return refusal;
    const found = await listPromotions(deps, {
      principal,
      filter: {
        kind: 'config',
        ...(status === undefined ? {} : { statuses: status }),
        ...(targetEnvironment === undefined ? {} : { target_environment: targetEnvironment }),
      },
      page: pageAsked,
    });
    return isRefusal(found) ? found : paged(deps, found, configPromotionView, asked);
  }),
  ...promotionVerbRoutes(contract.configPromotionVerbs, {
    view: configPromotionView,
    standing: configStandingView,
    tried: ({ status }) => ({ wouldBe: status }),
    approval: ({ manifestDigest, ...rest }) => ({
      ...rest,
      ...(manifestDigest === undefined ? {} : { manifest_digest: manifestDigest }),
    }),
    resubmit: ({ selection }) => (selection === undefined ? {} : { selection: selectionOf(selection) }),
    schedule: ({ onMissed, ...rest }) => ({
      ...rest,
      ...(onMissed === undefined ? {} : { on_missed: onMissed }),
    }),
  }),
  route(retryConfigPromotion, async ({ principal, param, body, keeping }, deps) => {
    const { acknowledgeRisk: acknowledge_risk = false } = body;
    const input = { principal, id: param('id'), acknowledge_risk };
    const state = await retryPromotion(deps, { ...input, ...keeping(made) });
    return isRefusal(state) ? state : made(state);
  }),
  routeAhead(contract.rollBackConfigPromotion, rollbackAhead, async (asked, deps) => {
    const { principal, param, body, query, keeping } = asked;
    const { mode = 'restore', acknowledgeRisk: acknowledge_risk = false, toRevision, ...rest } = body;
    const input = {
      ...{ principal, id: param('id'), mode, acknowledge_risk, ...rest, dry_run: isTried(query) },
      ...(toRevision === undefined ? {} : { to_revision: toRevision }),
    };
    const rolled = await rollBackPromotion(deps, { ...input, ...keeping(begun) });
    if (isRefusal(rolled)) return rolled;
    const { state, impact, stops } = rolled;
    if (state === undefined) return ok({ wouldBe: null, impact: configRollbackImpactView(impact) });
    if (rolled.created) return begun({ state, impact });
    return ok({ ...configDryRunView(state, stops), impact: configRollbackImpactView(impact) });
  }),
];
