import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { ruleFacts } from '../../domain/policy/rule-applied.ts';
import type { Eligibility } from '../../domain/promotion/eligibility.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { maySeeChanges } from '../../use-cases/access/may-see-changes.ts';
import { readable } from '../../use-cases/access/readable.ts';
import { readApprovals } from '../../use-cases/promotions/approvals.ts';
import { readDecision, readGovernanceChanges } from '../../use-cases/promotions/decision.ts';
import { readImpact } from '../../use-cases/promotions/impact.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { approvalView, governanceView } from './promotion-views.ts';

/** What can be read of a promotion beside itself, as the snake_case API shows it: the camelCase one renames it. */

/** A promotion, who reads it, and what with. */
export type Reading = { readonly deps: DrivingDeps; readonly principal: Principal; readonly id: string };

/** Reads something of a promotion, once it is sure that the promotion may be read. */
export async function ofReadable<T extends object>(
  { deps, principal, id }: Reading,
  read: (deps: DrivingDeps, ref: PromotionRef) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const state = await readable(deps, principal, id);
  return isRefusal(state) ? state : read(deps, { tenant: principal.tenant, id });
}

/** Reads a recorded decision, and what weakened its rules since: the newest, or the one that event `seq` carries. */
export const decisionRead = (reading: Reading, query: { readonly seq?: number }) =>
  ofReadable(reading, async (deps, ref) => {
    const recorded = await readDecision(deps, { ...ref, ...query });
    if (isRefusal(recorded)) return recorded;
    const changes = await readGovernanceChanges(deps, ref);
    if (isRefusal(changes)) return changes;
    const { seq, decision, decision_digest, rule } = recorded;
    return {
      seq,
      decision,
      decision_digest,
      ...(rule === undefined ? {} : { rule: { ...rule, facts: ruleFacts(rule) } }),
      ...(changes.length === 0 ? {} : { governance_changes: changes.map(governanceView) }),
    };
  });

/** Reads what executing would change in the target now. */
export async function impactRead({ deps, principal, id }: Reading) {
  const state = await readable(deps, principal, id);
  if (isRefusal(state)) return state;
  const denied = await maySeeChanges(deps, principal, state);
  if (denied !== undefined) return denied;
  const { environment, changes, replaces, target_moved, held_by } = await readImpact(deps, state);
  return {
    environment,
    changes,
    replaces: replaces === undefined ? null : replacedView(replaces),
    target_moved,
    held_by: held_by ?? null,
  };
}

/** Reads who approved and, by pages, who may still; `next` is the position of the next page. */
export const approvalsRead = (reading: Reading, page: PageRequest) =>
  ofReadable(reading, async (deps, ref) => {
    const view = await readApprovals(deps, ref, page);
    if (isRefusal(view)) return view;
    const { state, quorum, people, next } = view;
    return {
      view: {
        manifest_digest: state.seal.manifest_digest,
        required: quorum.required,
        groups: quorum.groups,
        complete: quorum.complete,
        granted: quorum.granted.map(approvalView),
      },
      people: { items: people.map(personView), ...(next === undefined ? {} : { next }) },
    };
  });

const personView = ({ why, ...person }: Eligibility) => ({ ...person, why: why ?? null });

const replacedView = ({ id, digest, version_label, live_at }: Deployment) => ({
  deployment_id: id,
  digest,
  version: version_label ?? null,
  live_at: live_at ?? null,
});
