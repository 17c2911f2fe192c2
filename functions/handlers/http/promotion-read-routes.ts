import * as contract from '../../contract/promotion-reads.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { ruleFacts } from '../../domain/policy/rule-applied.ts';
import type { Eligibility } from '../../domain/promotion/eligibility.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { maySeeChanges } from '../../use-cases/access/may-see-changes.ts';
import { readable } from '../../use-cases/access/readable.ts';
import { readApprovals } from '../../use-cases/promotions/approvals.ts';
import { readDecision, readGovernanceChanges } from '../../use-cases/promotions/decision.ts';
import { readImpact } from '../../use-cases/promotions/impact.ts';
import { replayDecision } from '../../use-cases/promotions/replay-decision.ts';
import { readTimeline } from '../../use-cases/promotions/timeline.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { approvalView, eventView, governanceView } from './promotion-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** What can be read of a promotion beside itself. */
export const promotionReadRoutes: readonly Route<DrivingDeps>[] = [
  route(contract.getDecision, async ({ principal, param, query }, deps) => {
    const recorded = await ofReadable(deps, principal, param('id'), (given, ref) =>
      readDecision(given, { ...ref, ...query }),
    );
    if (isRefusal(recorded)) return recorded;
    const changes = await ofReadable(deps, principal, param('id'), readGovernanceChanges);
    if (isRefusal(changes)) return changes;
    const { seq, decision, decision_digest, rule } = recorded;
    const answer = {
      seq,
      decision,
      decision_digest,
      ...(rule === undefined ? {} : { rule: { ...rule, facts: ruleFacts(rule) } }),
    };
    return ok(changes.length === 0 ? answer : { ...answer, governance_changes: changes.map(governanceView) });
  }),
  route(contract.replayDecision, async ({ principal, param, query }, deps) => {
    const replay = await ofReadable(deps, principal, param('id'), (given, ref) =>
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
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    const denied = await maySeeChanges(deps, principal, state);
    if (denied !== undefined) return denied;
    const { environment, changes, replaces, target_moved, held_by } = await readImpact(deps, state);
    return ok({
      environment,
      changes,
      replaces: replaces === undefined ? null : replacedView(replaces),
      target_moved,
      held_by: held_by ?? null,
    });
  }),
  route(contract.getTimeline, async ({ principal, param, page, paged }, deps) => {
    const of = { id: param('id') };
    const asked = await page(deps, of);
    if ('refused' in asked) return asked;
    const events = await ofReadable(deps, principal, of.id, (given, ref) => readTimeline(given, ref, asked));
    return isRefusal(events) ? events : paged(deps, events, eventView, of);
  }),
  route(contract.getApprovals, async ({ principal, param, page, paged }, deps) => {
    const of = { id: param('id') };
    const asked = await page(deps, of);
    if ('refused' in asked) return asked;
    const view = await ofReadable(deps, principal, of.id, (given, ref) => readApprovals(given, ref, asked));
    if (isRefusal(view)) return view;
    const { state, quorum, people: items, next } = view;
    const found = next === undefined ? { items } : { items, next };
    const { next_cursor } = await paged(deps, found, personView, of);
    return ok({
      manifest_digest: state.seal.manifest_digest,
      required: quorum.required,
      groups: quorum.groups,
      complete: quorum.complete,
      granted: quorum.granted.map(approvalView),
      people: items.map(personView),
      next_cursor,
    });
  }),
];

const personView = ({ why, ...person }: Eligibility) => ({ ...person, why: why ?? null });

/** A change set of thousands is read page by page. */
const pagedElsewhere = (id: string): Refusal =>
  refuse('invalid_request', `more than one page: read /api/v1/config/promotions/${id}/changes`);

/** Reads something of a promotion, once it is sure that the promotion may be read. */
async function ofReadable<T extends object>(
  deps: DrivingDeps,
  principal: Principal,
  id: string,
  read: (deps: DrivingDeps, ref: PromotionRef) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const state = await readable(deps, principal, id);
  return isRefusal(state) ? state : read(deps, { tenant: principal.tenant, id });
}

const replacedView = ({ id, digest, version_label, live_at }: Deployment) => ({
  deployment_id: id,
  digest,
  version: version_label ?? null,
  live_at: live_at ?? null,
});
