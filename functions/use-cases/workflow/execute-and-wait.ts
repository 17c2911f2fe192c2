import type { PromotionState } from '../../domain/promotion/state.ts';
import type { PromotionRef, TaskToken } from '../../ports/promotion-store.ts';
import { type ExecuteDeps, execute } from './execute.ts';

/**
 * The step ExecuteAndWait: as Execute, with its token stored before the effect. An outcome known at once answers the step itself;
 * otherwise the gateway's report does.
 */
export async function executeAndWait(
  deps: ExecuteDeps,
  ref: PromotionRef,
  token: TaskToken,
): Promise<PromotionState> {
  const begun = await execute(deps, ref, async () => {
    await deps.tokens.put(ref, token);
  });
  // A report that came before the token was stored woke nobody: it is seen here.
  const state = (await deps.promotions.read(ref.tenant, ref.id))?.state ?? begun;
  if (state.status !== 'executing') await deps.workflow.wake(token.token, ref, 'done');
  return state;
}
