import { TRAITS } from '../kind-traits.ts';
import type { PromotionEvent } from '../promotion/events.ts';
import type { PromotionState } from '../promotion/state.ts';

/** What somebody is called: by e-mail, and by subject where there is none. */
export function nameOf({ subject, email }: { readonly subject: string; readonly email: string }): string {
  return email === '' ? subject : email;
}

/** What is promoted, in words; a tenant has one configuration. `shown` writes a name as its medium wants it. */
export function subjectOf(
  { subject: { kind, name } }: Pick<PromotionState, 'subject'>,
  shown: (name: string) => string = (plain) => plain,
): string {
  return TRAITS[kind].only ?? `${kind} ${shown(name)}`;
}

/** Why an event happened, where it says so. */
export function reasonOf(event: PromotionEvent): string | undefined {
  if ('reason' in event) return event.reason;
  if (event.type === 'PromotionFailed' || event.type === 'OutcomeReversed') return event.message;
  if (event.type === 'PromotionBlocked') return `${event.reason_code}: ${event.blocked_by.join(', ')}`;
  if (event.type === 'VerificationDecided') return `${event.outcome}: ${event.reason_code}`;
  return 'reason_code' in event ? event.reason_code : undefined;
}
