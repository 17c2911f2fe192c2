import * as contract from '../../contract/promotion-reads.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { maySeeChanges } from '../../use-cases/access/may-see-changes.ts';
import { readable } from '../../use-cases/access/readable.ts';
import { replayDecision } from '../../use-cases/promotions/replay-decision.ts';
import { readTimeline } from '../../use-cases/promotions/timeline.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { approvalsRead, decisionRead, impactRead, ofReadable } from './promotion-reads.ts';
import { eventView } from './promotion-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** What can be read of a promotion beside itself. */
export const promotionReadRoutes: readonly Route<DrivingDeps>[] = [
  route(contract.getDecision, async ({ principal, param, query }, deps) => {
    const read = await decisionRead({ deps, principal, id: param('id') }, query);
    return isRefusal(read) ? read : ok(read);
  }),
  route(contract.replayDecision, async ({ principal, param, query }, deps) => {
    const replay = await ofReadable({ deps, principal, id: param('id') }, (given, ref) =>
      replayDecision(given, { ...ref, ...query }),
    );
    return isRefusal(replay) ? replay : ok(replay);
  }),
  route(contract.getManifest, async ({ principal, param }, deps) => {
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    const { manifest, manifest_digest } = state.seal;
    return ok({ manifest_digest, manifest });
  }),
  route(contract.getChanges, async ({ principal, param }, deps) => {
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    const denied = await maySeeChanges(deps, principal, state);
    if (denied !== undefined) return denied;
    const { change_set_digest, change_set, tree } = state.seal.plan;
    if (tree !== undefined) {
      // Loaded by those alone who read what a config promotion changes.
      const { changePage, inTexts } = await import('../../use-cases/kinds/config/impact.ts');
      const { changes, next } = await changePage(deps, state, { limit: 1000 });
      if (next !== undefined) return pagedElsewhere(state.id);
      return ok({ change_set_digest, items: changes.map(inTexts), next_cursor: null });
    }
    return ok({ change_set_digest, items: change_set, next_cursor: null });
  }),
  route(contract.getImpact, async ({ principal, param }, deps) => {
    const read = await impactRead({ deps, principal, id: param('id') });
    return isRefusal(read) ? read : ok(read);
  }),
  route(contract.getTimeline, async ({ principal, param, page, paged }, deps) => {
    const of = { id: param('id') };
    const asked = await page(deps, of);
    if ('refused' in asked) return asked;
    const events = await ofReadable({ deps, principal, ...of }, (given, ref) =>
      readTimeline(given, ref, asked),
    );
    return isRefusal(events) ? events : paged(deps, events, eventView, of);
  }),
  route(contract.getApprovals, async ({ principal, param, page, paged }, deps) => {
    const of = { id: param('id') };
    const asked = await page(deps, of);
    if ('refused' in asked) return asked;
    const read = await approvalsRead({ deps, principal, ...of }, asked);
    if (isRefusal(read)) return read;
    const { next_cursor } = await paged(deps, read.people, (person) => person, of);
    return ok({ ...read.view, people: read.people.items, next_cursor });
  }),
];

/** A change set of thousands is read page by page. */
const pagedElsewhere = (id: string): Refusal =>
  refuse('invalid_request', `more than one page: read /api/v1/config/promotions/${id}/changes`);
