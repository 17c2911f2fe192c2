import type { Actor } from '../identity/principal.ts';
import type { Kind } from '../subject.ts';
import { requestersOf } from './parts.ts';
import type { PromotionState, Status } from './state.ts';

/** Which promotions of a tenant are meant; what is absent does not narrow. */
export type PromotionFilter = {
  /** Any of these. */
  readonly statuses?: readonly Status[];
  readonly kind?: Kind;
  readonly source_environment?: string;
  readonly target_environment?: string;
  /** Any of these. */
  readonly target_environments?: readonly string[];
  readonly subject_name?: string;
  /** Source or target. */
  readonly environment?: string;
  /** Subject id or e-mail of the requester. */
  readonly requester?: string;
  /** Subject id or e-mail of a person who has a part in the promotion: as it stands, or by its history (`tookPart`). */
  readonly person?: string;
  /** Bounds of the request's instant: the first inclusive, the second exclusive. */
  readonly requested_from?: string;
  readonly requested_before?: string;
};

/** Whether a promotion is meant by a filter, as it stands: `person` may have had a part that only its history tells. */
export function matchesFilter(state: PromotionState, filter: PromotionFilter): boolean {
  const { statuses, kind, subject_name, environment, requester, person } = filter;
  return (
    (statuses === undefined || statuses.includes(state.status)) &&
    (kind ?? state.subject.kind) === state.subject.kind &&
    (filter.source_environment ?? state.source_environment) === state.source_environment &&
    (filter.target_environment ?? state.target_environment) === state.target_environment &&
    (filter.target_environments?.includes(state.target_environment) ?? true) &&
    (subject_name ?? state.subject.name) === state.subject.name &&
    (environment === undefined || concernsEnvironment(state, environment)) &&
    (requester === undefined || requestersOf(state).some((actor) => isNamed(actor, requester))) &&
    (person === undefined || concernsPerson(state, person)) &&
    state.requested_at >= (filter.requested_from ?? '') &&
    state.requested_at < (filter.requested_before ?? '~')
  );
}

/** Whether a promotion goes from or to an environment. */
function concernsEnvironment(state: PromotionState, environment: string): boolean {
  return state.source_environment === environment || state.target_environment === environment;
}

/** Whether somebody, by subject id or by e-mail in any case, has a part in a promotion as it stands. */
function concernsPerson(state: PromotionState, person: string): boolean {
  return peopleOf(state).some((actor) => isNamed(actor, person));
}

/** Whether a subject id, or an e-mail address in any case, names an actor or the owner of one. */
export function isNamed({ subject, email, owner }: Actor, person: string): boolean {
  const wanted = person.toLowerCase();
  return subject === person || email.toLowerCase() === wanted || owner?.toLowerCase() === wanted;
}

function peopleOf(state: PromotionState): readonly Actor[] {
  const people = [...requestersOf(state), ...state.approvals.map(({ actor }) => actor)];
  if ('executor' in state && state.executor !== undefined) people.push(state.executor);
  if ('rejected_by' in state) people.push(state.rejected_by);
  if ('cancelled_by' in state) people.push(state.cancelled_by);
  return people;
}
