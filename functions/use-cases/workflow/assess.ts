import { isUnasked } from '../../domain/gates/provider.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { nextStep } from '../../domain/promotion/next.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Next } from '../../ports/workflow.ts';
import { nextOf } from '../engine/dispatch-outbox.ts';
import { readFactsOf, watching } from '../engine/facts.ts';
import { type CommandDeps, runCommand, step } from '../engine/run-command.ts';
import { type AskDeps, askProviders } from './ask-providers.ts';
import { assertAccepted } from './assert-accepted.ts';

/** What comes next, and the version of the promotion on which that was said. */
export type Assessed = { readonly next: Next; readonly seen: number };

/**
 * The step Assess: judges on fresh facts what waits for just that, or is blocked, and says what comes next. All others were judged
 * by whoever put them where they are: their request, or the execution that took them back. What cannot be planned any more is left
 * as it stands: executing it, or a person, will say so. Where gates wait for their providers, those are asked and it is judged again.
 */
export async function assess(deps: AskDeps, ref: PromotionRef): Promise<Assessed> {
  let state = await judged(deps, ref);
  const asking = await askProviders(deps, state);
  if (asking === 'asked') state = await judged(deps, ref);
  const next = await nextOf(deps, state);
  const seen = state.seq;
  if (next !== 'assess') return { next, seen };
  // The manifest changed while its providers were asked, or somebody wants them asked again.
  if (asking === 'asked' && state.gates.some(isUnasked)) return { next, seen };
  // Assessing once more would find the same: only a later version can change that.
  return { next: 'await', seen };
}

async function judged(deps: CommandDeps, ref: PromotionRef): Promise<PromotionState> {
  return assertAccepted(
    await runCommand(deps, ref, 'step', async ({ state }, now) => {
      if (state.status !== 'blocked' && nextStep(state, false) !== 'assess') return undefined;
      const read = await readFactsOf(deps, state, now);
      if (isRefusal(read)) return undefined;
      const change = step(state, { type: 'assess', facts: read.facts }, { now, actor: SYSTEM });
      return change === undefined || isRefusal(change)
        ? change
        : { ...change, writes: watching(read, state.id) };
    }),
  );
}
