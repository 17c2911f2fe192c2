import { digestOfBytes } from '../../domain/digest.ts';
import { ASKED_AGAIN, type ProviderAnswer, saidBy, wordOf } from '../../domain/gates/provider.ts';
import { type Actor, actorOf } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import { roleMissing } from '../access/authorize.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { type Facts, readFactsOf, watching } from '../engine/facts.ts';
import { cancelling } from './cancel.ts';

/**
 * Assesses a promotion again, on the target as it is now. Its source is pinned; `refresh` takes the source as it is now (that of an agent is
 * one deployment, and the same for ever). Providers whose answer keeps it from going on are asked again, by its workflow. Refuses what
 * can no longer be planned; a refresh of another's approved promotion takes what cancelling it takes.
 */
export function validatePromotion(
  deps: ActDeps,
  { principal, id, refresh = false }: Acting & { readonly refresh?: boolean },
): Promise<PromotionState | Refusal> {
  let beside: readonly Write[] = [];
  return act(deps, {
    principal,
    id,
    type: 'assess',
    action: (state) => (refresh ? refreshing(state, actorOf(principal)) : 'validate'),
    // What is sealed anew is shown to the target's readers: only a reader of the source may take it there.
    before: async ({ source_environment }) =>
      refresh ? roleMissing(principal, 'read', source_environment) : undefined,
    async prepare(state, now) {
      const found = await readFactsOf(deps, state, now, refresh);
      if (isRefusal(found)) return found;
      const { facts, answers, ...read } = found;
      const questions = askedAgain(state, answers, { actor: actorOf(principal), now });
      const evidence = facts.evidence.map(
        (each) => questions.find(({ evidence: { gate } }) => isOld(each, gate))?.evidence ?? each,
      );
      beside = [
        ...watching(read, id),
        ...questions.map((answer) => ({ write: 'provider_answer', promotion_id: id, answer }) as const),
      ];
      return { type: 'assess', facts: { ...facts, evidence } };
    },
    writes: () => beside,
  });
}

/** What a refresh takes: of what may go already, whose approvals would fall, as much as cancelling it. */
function refreshing(state: PromotionState, actor: Actor): Action {
  const mayGo = state.status === 'approved' || state.status === 'scheduled';
  return mayGo && cancelling(state, actor) === 'cancel' ? 'cancel' : 'validate';
}

type Evidence = Facts['facts']['evidence'][number];

/** Whether this is what the provider of a gate said before. */
const isOld = (evidence: Evidence, gate: string): boolean =>
  evidence.gate === gate && wordOf(evidence) !== undefined;

/** What is written after the answers of gates that did not pass: from then on their providers count as not asked. */
function askedAgain(
  { status, gates }: PromotionState,
  answers: readonly ProviderAnswer[],
  { actor, now }: { readonly actor: Actor; readonly now: string },
): readonly ProviderAnswer[] {
  if (status !== 'pending' && status !== 'blocked') return [];
  return answers.flatMap(({ number, evidence: before }) => {
    const word = wordOf(before);
    const failed = gates.some(({ name, status }) => name === before.gate && status !== 'PASSED');
    if (word === undefined || word.status === 'PENDING' || !failed) return [];
    const { gate, subject_digest } = before;
    const evidence = saidBy(actor, {
      gate,
      subject_digest,
      at: now,
      word: { ...word, status: 'PENDING', reason_code: ASKED_AGAIN },
      facts: {},
      document_digest: digestOfBytes(''),
    });
    return [{ number: number + 1, evidence }];
  });
}
