import { EMPTY_ROOT } from '../../domain/config-tree/empty.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import type { ConfigRollback, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../catalog/authorize.ts';
import { readable } from '../catalog/readable.ts';
import type { Deps } from '../deps.ts';
import { type CreateDeps, type Created, createPromotion } from '../promotions/create.ts';
import { slotIn } from './tree.ts';

export type RollBackInput = {
  readonly principal: Principal;
  readonly id: string;
  readonly mode: ConfigRollback['mode'];
  readonly reason?: string;
  readonly execution?: Execution;
  readonly dry_run?: boolean;
  readonly answer?: (state: PromotionState) => StoredAnswer;
};

/** Pages of revisions that are looked through for the one that a promotion made. */
const PAGES = 20;

/**
 * Requests that a completed config promotion is taken back: a promotion of its own, with the approvals that its environment asks for. Refuses
 * `invalid_transition` on any other promotion, and what cannot be planned.
 */
export async function rollBackConfig(
  deps: CreateDeps & Pick<Deps, 'denials'>,
  { principal, id, mode, reason, execution, dry_run, answer }: RollBackInput,
): Promise<Created | Refusal> {
  const { tenant } = principal;
  const original = await readable(deps, principal, id);
  if (isRefusal(original)) return original;
  const { target_environment, request, status } = original;
  const denied = await authorize(deps, principal, 'roll_back', target_environment);
  if (denied !== undefined) return denied;
  if (request.kind !== 'config' || status !== 'completed') {
    return refuse('invalid_transition', `it is ${status}: only a completed config promotion is rolled back`, {
      status,
    });
  }
  const revision = await revisionOf(deps, tenant, target_environment, id);
  if (revision?.digest === undefined || revision.digest === null) {
    return refuse('nothing_to_promote', 'what was before it is no longer kept', { reason: 'not_kept' });
  }
  const rollback = { promotion_id: id, mode, from: revision.digest, to: revision.previous ?? EMPTY_ROOT };
  return await createPromotion(deps, {
    actor: actorOf(principal),
    tenant,
    type: 'rollback',
    request: {
      kind: 'config',
      selects: 'FULL',
      config_ids: [],
      flag_ids: [],
      key_patterns: [],
      prune: true,
      ...(reason === undefined ? {} : { notes: reason }),
      rollback,
      source_environment: target_environment,
      target_environment,
    },
    ...(execution === undefined ? {} : { execution }),
    ...(dry_run === undefined ? {} : { dry_run }),
    ...(answer === undefined ? {} : { answer }),
  });
}

async function revisionOf(deps: Pick<Deps, 'heads'>, tenant: string, environment: string, promotion: string) {
  let after: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { items, next } = await deps.heads.revisions(tenant, slotIn(environment), {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    const found = items.find(({ cause }) => cause.by === 'execute' && cause.promotion_id === promotion);
    if (found !== undefined || next === undefined) return found;
    after = next;
  }
  return undefined;
}
