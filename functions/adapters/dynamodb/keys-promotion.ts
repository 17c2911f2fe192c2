import { digestOfBytes } from '../../domain/digest.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import type { PromotionState, Status } from '../../domain/promotion/state.ts';
import { hex, type IndexKey, id, instant, type Key, name, ordinal, scope, short } from './key-parts.ts';

/** Keys of the lists of promotions. All lists have one sort key: a position in one is a position in each. */

export const promotionsPartition = (tenant: string): string => `${scope(tenant)}LIST`;
export const promotionIndex = (state: PromotionState): IndexKey & { readonly GSI1SK: string } => ({
  GSI1PK: promotionsPartition(state.tenant),
  GSI1SK: `${instant(state.requested_at)}#${id(state.id)}#${traits(state)}`,
});

/**
 * Promotions of one status that is not `completed`; all open ones together. In the order of GSI1: its sort key is theirs too, since
 * another attribute would make most items larger than a unit.
 */
export const statusPartition = (tenant: string, status: ListedStatus): string =>
  `${scope(tenant)}LIST#${status}`;
export type ListedStatus = 'open' | 'rejected' | 'cancelled' | 'failed' | 'rolled_back';

/** Promotions of what has one name, of every kind. */
export const namedPartition = (tenant: string, subject_name: string): string =>
  `${scope(tenant)}LIST#of#${hashed(subject_name)}`;
/** Promotions that somebody requested; that somebody approved, executed, rejected or cancelled. */
export const partPartition = (tenant: string, part: Part, subject: string): string =>
  `${scope(tenant)}LIST#${part}#${hashed(subject)}`;
export type Part = 'by' | 'did';
const hashed = (text: string): string => short(digestOfBytes(text), 12);

/** Holds a place in the list of one more person, where a commit has several. */
export const partKey = (tenant: string, promotion: string, first: number, nth: number): Key => ({
  PK: `${scope(tenant)}PROMO#${id(promotion)}`,
  SK: `PART#${ordinal(first)}#${ordinal(nth)}`,
});

/** The subjects that once had a name: an e-mail address, or that of a machine's owner, in any case. Names are hashed. */
export const aliasKey = (tenant: string, called: string, subject: string): Key => ({
  PK: aliasPartition(tenant, called),
  SK: name(subject),
});
export const aliasPartition = (tenant: string, called: string): string =>
  `${scope(tenant)}NAMED#${hex(digestOfBytes(called.toLowerCase())).slice(0, 32)}`;

/** What never changes of a promotion and filters ask for, at the end of its sort key: other promotions are not read to be left out. */
function traits({ subject, source_environment, target_environment }: PromotionState): string {
  return [subject.kind, subject.name, source_environment, target_environment].map(trait).join('');
}
/** 12 bits: of 4,096 other texts one is read for nothing. */
const trait = (text: string): string => short(digestOfBytes(text), TRAIT);
const TRAIT = 2;

/** Whether the promotion at a sort key may be one that a filter means; only its item tells for sure. */
export function mayMatch(sort: string, filter: PromotionFilter): boolean {
  const { kind, subject_name, source_environment, target_environment, environment } = filter;
  const own = sort.slice(sort.lastIndexOf('#') + 1);
  const has = (text: string | undefined, ...places: readonly number[]): boolean =>
    text === undefined || places.some((place) => own.startsWith(trait(text), place * TRAIT));
  return (
    has(kind, 0) &&
    has(subject_name, 1) &&
    has(source_environment, 2) &&
    has(target_environment, 3) &&
    has(environment, 2, 3)
  );
}

/** The list that a promotion of a status is in; none of those that went well. */
export function listOf(status: Status): ListedStatus | undefined {
  switch (status) {
    case 'completed':
      return undefined;
    case 'rejected':
    case 'cancelled':
    case 'failed':
    case 'rolled_back':
      return status;
    case 'pending':
    case 'blocked':
    case 'approved':
    case 'scheduled':
    case 'executing':
      return 'open';
    default:
      return status satisfies never;
  }
}
