import type { Actor } from '../identity/principal.ts';
import type { StoredEvent } from './events.ts';
import { isNamed } from './filter.ts';
import { requestersOf } from './parts.ts';
import type { PromotionState } from './state.ts';

/** Who counts as requester since some events, and who else has had a part in them; each once. */
export type TakingPart = { readonly requesters: readonly Actor[]; readonly others: readonly Actor[] };

/**
 * Who got a part in a promotion by some of its events, `state` being what they led to: all that `matchesFilter` finds in the state, and
 * what the state no longer says. Who has had it before is left out where that is known.
 */
export function takingPart(state: PromotionState, events: readonly StoredEvent[]): TakingPart {
  const requesters = requestersOf(state);
  const began = events.some(({ seq }) => seq === 1);
  const resealed = events.filter(({ event }) => SEALS.has(event.type)).map(({ actor }) => actor);
  const added = began ? requesters : requesters.slice(1).filter((each) => isAmong(resealed, each));
  const did = events.flatMap((stored) => partIn(state, stored));
  const before = [...requesters, ...state.approvals.filter(isOlder(events)).map(({ actor }) => actor)];
  return { requesters: once(added), others: once(did).filter((each) => !isAmong(before, each)) };
}

/** Events whose actor may become one more requester. */
const SEALS: ReadonlySet<string> = new Set(['PromotionAssessed', 'PromotionResubmitted']);

function partIn(state: PromotionState, { event, actor }: StoredEvent): readonly Actor[] {
  switch (event.type) {
    case 'ApprovalGranted':
      return [event.approval.actor];
    case 'ExecutionStarted':
      return 'executor' in state && state.executor !== undefined ? [state.executor] : [actor];
    case 'PromotionRejected':
    case 'PromotionCancelled':
    case 'ChangesRequested':
    case 'PromotionScheduled':
    case 'PromotionUnscheduled':
    case 'OutcomeSettled':
      return [actor];
    default:
      return [];
  }
}

const isOlder = (events: readonly StoredEvent[]) => {
  const now = events.flatMap(({ event }) => (event.type === 'ApprovalGranted' ? [event.approval] : []));
  return ({ actor, at }: PromotionState['approvals'][number]): boolean =>
    !now.some((each) => each.actor.subject === actor.subject && each.at === at);
};

const isAmong = (actors: readonly Actor[], { subject }: Actor): boolean =>
  actors.some((other) => other.subject === subject);

function once(actors: readonly Actor[]): readonly Actor[] {
  return actors.filter((each, n) => actors.findIndex(({ subject }) => subject === each.subject) === n);
}

/**
 * Whether a subject id, or an e-mail address in any case, names who had a part in a promotion by its history: who asked for changes, and
 * whose approval was voided too.
 */
export function tookPart(state: PromotionState, events: readonly StoredEvent[], person: string): boolean {
  return events.some((stored) => partIn(state, stored).some((actor) => isNamed(actor, person)));
}
