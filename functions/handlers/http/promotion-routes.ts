import * as contract from '../../contract/promotions.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { mayRequest } from '../../use-cases/access/may-request.ts';
import { onlyArtifact } from '../../use-cases/artifacts/only-artifact.ts';
import { syncsRegistries } from '../../use-cases/artifacts/syncs-registries.ts';
import type { NewRequest } from '../../use-cases/kinds/kind.ts';
import { createPromotion } from '../../use-cases/promotions/create.ts';
import { listPromotions } from '../../use-cases/promotions/list.ts';
import { readRequestAhead } from '../../use-cases/promotions/read-ahead.ts';
import { retryPromotion } from '../../use-cases/rollbacks/retry.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { promotionVerbRoutes } from './promotion-verb-routes.ts';
import { dryRunView, promotionView, standingView } from './promotion-views.ts';
import { routeAhead, type Said } from './read-ahead.ts';
import { type Answer, created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** The filter of a list's query. Instants are compared as the store writes them: in UTC, with milliseconds. */
function filterOf(query: contract.PromotionFilterQuery): PromotionFilter {
  const { status, kind, source_environment, target_environment, agent_id, requester, from, to } = query;
  return {
    ...(status === undefined ? {} : { statuses: status }),
    ...(kind === undefined ? {} : { kind }),
    ...(source_environment === undefined ? {} : { source_environment }),
    ...(target_environment === undefined ? {} : { target_environment }),
    ...(agent_id === undefined ? {} : { subject_name: agent_id }),
    ...(requester === undefined ? {} : { requester }),
    ...(from === undefined ? {} : { requested_from: new Date(from).toISOString() }),
    ...(to === undefined ? {} : { requested_before: new Date(to).toISOString() }),
  };
}

const made = (state: PromotionState): Answer =>
  created(promotionView(state), `/api/v1/promotions/${state.id}`);

/** What is asked for. Which artifact is meant where none is named is told to those who may ask for it. */
async function requestOf(
  deps: DrivingDeps,
  principal: Principal,
  body: contract.NewPromotion,
): Promise<NewRequest | Refusal> {
  const { execution: _, supersede: __, ...asked } = contract.kindAsked(body);
  if (asked.kind === 'agent') return asked;
  const { kind: ___, artifact, version, acknowledge_eol, sync_registries, ...hop } = asked;
  const request = {
    kind: 'artifact',
    version: version.replace(/^v/, ''),
    sync_registries: sync_registries ?? (await syncsRegistries(deps, principal.tenant)),
    ...(acknowledge_eol === true ? { acknowledge_eol } : {}),
    ...hop,
  } as const;
  if (artifact !== undefined) return { ...request, artifact };
  const refusal = await mayRequest(deps, principal, { ...request, artifact: '' });
  if (refusal !== undefined) return refusal;
  const named = await onlyArtifact(deps, principal.tenant, hop);
  return isRefusal(named) ? named : { ...request, ...named };
}

/** Which artifact is meant is found out first where none is named. */
function aheadOf({ tenant, body }: Said<contract.NewPromotion>, deps: DrivingDeps): void {
  const asked = contract.kindAsked(body);
  if (asked.kind === 'agent') readRequestAhead(deps, tenant, asked);
  else if (asked.artifact !== undefined) {
    const { kind, artifact, version, target_environment } = asked;
    readRequestAhead(deps, tenant, { kind, artifact, version, sync_registries: false, target_environment });
  }
}

/** Requesting promotions, reading them, and the verbs on them. */
export const promotionRoutes: readonly Route<DrivingDeps>[] = [
  routeAhead(contract.createPromotion, aheadOf, async ({ principal, body, query, keeping }, deps) => {
    const { execution, supersede } = body;
    const request = await requestOf(deps, principal, body);
    if (isRefusal(request)) return request;
    const result = await createPromotion(deps, {
      actor: actorOf(principal),
      permit: () => mayRequest(deps, principal, request),
      tenant: principal.tenant,
      request,
      ...(execution === undefined ? {} : { execution }),
      ...(supersede === true ? { supersede: principal } : {}),
      dry_run: query.dry_run ?? false,
      ...keeping(made),
    });
    if (isRefusal(result)) return result;
    return result.created ? made(result.state) : ok(dryRunView(result.state, result.stops));
  }),
  route(contract.listPromotions, async ({ principal, query, page, paged }, deps) => {
    const { limit: _, cursor: __, status, ...rest } = query;
    const asked = { ...rest, status: status?.join() };
    const pageAsked = await page(deps, asked);
    if ('refused' in pageAsked) return pageAsked;
    const refusal = await authorize(deps, principal, 'read');
    if (refusal !== undefined) return refusal;
    const input = { principal, filter: filterOf(query), page: pageAsked };
    if (query.waiting_for === undefined) {
      const found = await listPromotions(deps, input);
      return isRefusal(found) ? found : paged(deps, found, promotionView, asked);
    }
    // Loaded by those alone who ask for it: what requests and decides does not.
    const { promotionsWaitingFor } = await import('../../use-cases/promotions/waiting-for.ts');
    const waiting = await promotionsWaitingFor(deps, input);
    if (isRefusal(waiting)) return waiting;
    const { complete } = waiting;
    return paged(deps, waiting, promotionView, asked, { complete });
  }),
  ...promotionVerbRoutes(contract.promotionVerbs, {
    view: promotionView,
    standing: standingView,
    tried: ({ status }) => ({ would_be: status }),
    approval: (body) => body,
    schedule: (body) => body,
    resubmit: () => ({}),
  }),
  route(contract.retryPromotion, async ({ principal, param, body, keeping }, deps) => {
    const state = await retryPromotion(deps, { principal, id: param('id'), ...body, ...keeping(made) });
    return isRefusal(state) ? state : made(state);
  }),
];
