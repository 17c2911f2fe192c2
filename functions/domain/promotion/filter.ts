import { concernsEnvironment, concernsPerson, isNamed } from '../audit/record.ts';
import { requestersOf } from './parts.ts';
import type { PromotionState, Status } from './state.ts';
import type { Kind } from './subject.ts';

/** Which promotions of a tenant are meant; what is absent does not narrow. */
export type PromotionFilter = {
  /** Any of these. */
  readonly statuses?: readonly Status[];
  readonly kind?: Kind;
  readonly source_environment?: string;
  readonly target_environment?: string;
  readonly subject_name?: string;
  /** Source or target. */
  readonly environment?: string;
  /** Subject id or e-mail of the requester. */
  readonly requester?: string;
  /** Subject id or e-mail of a person who has a part in the promotion as it stands. */
  readonly person?: string;
  /** Bounds of the request's instant: the first inclusive, the second exclusive. */
  readonly requested_from?: string;
  readonly requested_before?: string;
};

/** Whether a promotion is meant by a filter. */
export function matchesFilter(state: PromotionState, filter: PromotionFilter): boolean {
  const { statuses, kind, subject_name, environment, requester, person } = filter;
  return (
    (statuses === undefined || statuses.includes(state.status)) &&
    (kind ?? state.subject.kind) === state.subject.kind &&
    (filter.source_environment ?? state.source_environment) === state.source_environment &&
    (filter.target_environment ?? state.target_environment) === state.target_environment &&
    (subject_name ?? state.subject.name) === state.subject.name &&
    (environment === undefined || concernsEnvironment(state, environment)) &&
    (requester === undefined || requestersOf(state).some((actor) => isNamed(actor, requester))) &&
    (person === undefined || concernsPerson(state, person)) &&
    state.requested_at >= (filter.requested_from ?? '') &&
    state.requested_at < (filter.requested_before ?? '~')
  );
}
