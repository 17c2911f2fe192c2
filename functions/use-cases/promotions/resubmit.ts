import { canonicalJson } from '../../domain/jcs.ts';
import type { PromotionRequest, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { roleMissing } from '../access/authorize.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { type Facts, readFactsOf, watching } from '../engine/facts.ts';
import type { Reselection } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';

/**
 * Puts a promotion forward again after changes were requested, or its target moved: planned anew from the source as it is, with another
 * selection where one is given. What was sealed, approved and sent as links before is void. Refuses `invalid_transition` otherwise, and
 * what planning refuses.
 */
export function resubmitPromotion(
  deps: ActDeps,
  { principal, id, selection }: Acting & { readonly selection?: Reselection },
): Promise<PromotionState | Refusal> {
  let read: Facts | undefined;
  return act(deps, {
    principal,
    id,
    type: 'resubmit',
    action: 'resubmit',
    before: async ({ source_environment }) => roleMissing(principal, 'read', source_environment),
    async prepare(state, now) {
      const request = reselected(state.request, selection);
      if ('refused' in request) return request;
      const found = await readFactsOf(deps, { ...state, request }, now, true);
      read = isRefusal(found) ? undefined : found;
      if (isRefusal(found)) return found;
      const changed = canonicalJson(request) === canonicalJson(state.request) ? {} : { request };
      return { type: 'resubmit', facts: found.facts, ...changed };
    },
    writes: ({ state }) => (read === undefined ? [] : watching(read, state.id)),
  });
}

function reselected(
  request: PromotionRequest,
  selection: Reselection | undefined,
): PromotionRequest | Refusal {
  if (selection === undefined) return request;
  const changed = kindOf(request).reselected?.(request, selection);
  if (changed !== undefined) return changed;
  const detail = 'the selection of a rollback or an agent cannot be changed: request another promotion';
  return refuse('invalid_request', detail, { field: 'promotionType' });
}
