import { SYSTEM } from '../../domain/identity/principal.ts';
import type { InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { afterCommit, refOf } from '../engine/dispatch-outbox.ts';
import { recordAfter } from '../engine/intent.ts';
import { runCommand, step } from '../engine/run-command.ts';
import { kindOf } from '../kinds/registry.ts';
import { type Beside, type CreateDeps, createPromotion } from './create.ts';
import type { Requested } from './request.ts';

/** Why nothing was begun where that is no news: somebody else has followed the failure up, or the promotion is taken back already. */
const FOLLOWED = 'already_decided';

/**
 * Takes back what failed its verification, without anybody asking: a rollback of this promotion alone, with the approvals that its
 * environment asks of rollbacks. A lock stops it as it stops every execution: it waits, and can be cancelled. The promotion says in the
 * creating commit which rollback follows it, so there is one whatever is killed or runs twice; where something else is active there since,
 * or nothing was before, it says why there is none.
 */
export async function rollBackFailed(deps: CreateDeps, failed: InStatus<'completed'>): Promise<void> {
  const { tenant, target_environment } = failed;
  const { gate } = failed.verification ?? {};
  const notes = `The verification of ${failed.id} by ${gate?.name ?? 'its gate'} failed.`;
  const now = deps.clock.now();
  const back = await kindOf(failed.request).back(deps, failed, { mode: 'revert', notes }, now);
  const begun = isRefusal(back)
    ? back
    : await createPromotion(deps, {
        actor: SYSTEM,
        tenant,
        type: 'rollback',
        request: { ...back, source_environment: target_environment, target_environment },
        execution: 'automatic',
        admit: (requested) => replaced(deps, failed, requested),
        beside: (requested) => followed(deps, failed, requested.state.id),
      });
  if (isRefusal(begun) && begun.refused !== FOLLOWED) await decline(deps, failed, begun);
}

/** Refuses where the head is not what the promotion made of it: something else is active there since. */
async function replaced(
  deps: CreateDeps,
  { tenant, id }: PromotionState,
  { planned: { head } }: Requested,
): Promise<Refusal | undefined> {
  const [newest] = (await deps.heads.revisions(tenant, head.slot, { limit: 1 })).items;
  const own = newest?.cause.by === 'execute' && newest.cause.promotion_id === id;
  if (own && newest.number === head.revision) return undefined;
  return refuse('target_moved', `${id} was replaced since`);
}

/** What the promotion says of the rollback that begins in the same commit. */
async function followed(
  deps: CreateDeps,
  { tenant, id }: PromotionState,
  promotion_id: string,
): Promise<Beside | Refusal> {
  const stored = await deps.promotions.read(tenant, id);
  if (stored === undefined) return refuse('not_found', `there is no promotion ${id}`);
  const context = { now: deps.clock.now(), actor: SYSTEM };
  const change = step(stored.state, { type: 'begin_rollback', promotion_id }, context);
  if (change === undefined || isRefusal(change)) return change ?? refuse(FOLLOWED, `${id} is followed up`);
  const { state, events } = change;
  const workflowRecord = recordAfter(stored.workflowRecord, stored.state, state, 'caller');
  return {
    writes: [{ write: 'promotion', state, workflowRecord, events, expected: stored.state.seq }],
    after: () => afterCommit(deps, { state, workflowRecord }, events),
  };
}

async function decline(deps: CreateDeps, failed: PromotionState, { refused, data }: Refusal): Promise<void> {
  const reason = data?.['reason'];
  const reason_code = typeof reason === 'string' ? reason : refused;
  await runCommand(deps, refOf(failed), 'caller', async ({ state }, now) => {
    const change = step(state, { type: 'decline_rollback', reason_code }, { now, actor: SYSTEM });
    return change === undefined || isRefusal(change) ? undefined : change;
  });
}
