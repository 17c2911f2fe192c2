import { digestOfBytes } from '../../domain/digest.ts';
import type { PromotionState, Status } from '../../domain/promotion/state.ts';
import { type IndexKey, id, instant, type Key, ordinal, scope, short } from './key-parts.ts';

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

/** What never changes of a promotion and filters ask for, at the end of its sort key: other promotions are not read to be left out. */
function traits({ subject, source_environment, target_environment }: PromotionState): string {
  return [subject.kind, subject.name, source_environment, target_environment].map(trait).join('');
}
/** 12 bits: of 4,096 other texts one is read for nothing. */
export const trait = (text: string): string => short(digestOfBytes(text), TRAIT);
export const TRAIT = 2;

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
