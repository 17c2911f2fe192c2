import * as contract from '../../contract/promotions.ts';
import { actorOf } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorize } from '../../use-cases/catalog/authorize.ts';
import { authorizeIn } from '../../use-cases/catalog/authorize-in.ts';
import { readable } from '../../use-cases/catalog/readable.ts';
import { approvePromotion } from '../../use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../use-cases/promotions/cancel.ts';
import { createPromotion } from '../../use-cases/promotions/create.ts';
import { executePromotion } from '../../use-cases/promotions/execute.ts';
import { listPromotions } from '../../use-cases/promotions/list.ts';
import { rejectPromotion } from '../../use-cases/promotions/reject.ts';
import { requestChanges } from '../../use-cases/promotions/request-changes.ts';
import { resubmitPromotion } from '../../use-cases/promotions/resubmit.ts';
import { retryPromotion } from '../../use-cases/promotions/retry.ts';
import { schedulePromotion } from '../../use-cases/promotions/schedule.ts';
import { unschedulePromotion } from '../../use-cases/promotions/unschedule.ts';
import { validatePromotion } from '../../use-cases/promotions/validate.ts';
import type { DrivingDeps } from '../wiring.ts';
import { dryRunView, promotionView } from './promotion-views.ts';
import { type Answer, created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (answer: PromotionState | Refusal): Answer | Refusal =>
  isRefusal(answer) ? answer : ok(promotionView(answer));

const made = (state: PromotionState): Answer =>
  created(promotionView(state), `/api/v1/promotions/${state.id}`);

/** Requesting promotions, reading them, and the verbs on them. */
export const promotionRoutes: readonly Route<DrivingDeps>[] = [
  route(contract.createPromotion, async ({ principal, body, query, keeping }, deps) => {
    const { execution, supersede, ...request } = body;
    const refusal = await authorizeIn(deps, principal, 'request', request.target_environment);
    if (refusal !== undefined) return refusal;
    const result = await createPromotion(deps, {
      actor: actorOf(principal),
      tenant: principal.tenant,
      request: { kind: 'agent', ...request },
      ...(execution === undefined ? {} : { execution }),
      ...(supersede === undefined ? {} : { supersede }),
      dry_run: query.dry_run ?? false,
      ...keeping(made),
    });
    if (isRefusal(result)) return result;
    return result.created ? made(result.state) : ok(dryRunView(result.state));
  }),
  route(contract.listPromotions, async ({ principal, query, page, paged }, deps) => {
    const { status, kind, target_environment, agent_id } = query;
    const asked = { status, kind, target_environment, agent_id };
    const pageAsked = page(asked);
    if ('refused' in pageAsked) return pageAsked;
    const refusal = await authorize(deps, principal, 'read');
    if (refusal !== undefined) return refusal;
    const found = await listPromotions(deps, {
      tenant: principal.tenant,
      filter: {
        ...(status === undefined ? {} : { status }),
        ...(kind === undefined ? {} : { kind }),
        ...(target_environment === undefined ? {} : { target_environment }),
        ...(agent_id === undefined ? {} : { subject_name: agent_id }),
      },
      page: pageAsked,
    });
    if (isRefusal(found)) return found;
    const items = found.items.filter((state) => may(principal, 'read', state.target_environment));
    return paged({ ...found, items }, promotionView, asked);
  }),
  route(contract.getPromotion, async ({ principal, param }, deps) =>
    shown(await readable(deps, principal, param('id'))),
  ),
  route(contract.validatePromotion, async ({ principal, param, body }, deps) =>
    shown(await validatePromotion(deps, { principal, id: param('id'), ...body })),
  ),
  route(contract.approvePromotion, async ({ principal, param, body }, deps) =>
    shown(await approvePromotion(deps, { principal, id: param('id'), ...body })),
  ),
  route(contract.rejectPromotion, async ({ principal, param, body }, deps) =>
    shown(await rejectPromotion(deps, { principal, id: param('id'), reason: body.reason })),
  ),
  route(contract.requestChanges, async ({ principal, param, body }, deps) =>
    shown(await requestChanges(deps, { principal, id: param('id'), reason: body.reason })),
  ),
  route(contract.resubmitPromotion, async ({ principal, param }, deps) =>
    shown(await resubmitPromotion(deps, { principal, id: param('id') })),
  ),
  route(contract.executePromotion, async ({ principal, param }, deps) => {
    const state = await executePromotion(deps, { principal, id: param('id') });
    if (isRefusal(state)) return state;
    return { status: state.status === 'completed' ? 200 : 202, body: promotionView(state) };
  }),
  route(contract.schedulePromotion, async ({ principal, param, body }, deps) => {
    const { at, on_missed } = body;
    return shown(
      await schedulePromotion(deps, {
        principal,
        id: param('id'),
        // Whatever offset it was written in: instants are compared as texts in UTC.
        at: new Date(at).toISOString(),
        ...(on_missed === undefined ? {} : { on_missed }),
      }),
    );
  }),
  route(contract.unschedulePromotion, async ({ principal, param }, deps) =>
    shown(await unschedulePromotion(deps, { principal, id: param('id') })),
  ),
  route(contract.cancelPromotion, async ({ principal, param, body }, deps) =>
    shown(await cancelPromotion(deps, { principal, id: param('id'), ...body })),
  ),
  route(contract.retryPromotion, async ({ principal, param, keeping }, deps) => {
    const state = await retryPromotion(deps, { principal, id: param('id'), ...keeping(made) });
    return isRefusal(state) ? state : made(state);
  }),
];
