import type { PromotionEvent } from '../promotion/events.ts';

/** What somebody is called: by e-mail, and by subject where there is none. */
export function nameOf({ subject, email }: { readonly subject: string; readonly email: string }): string {
  return email === '' ? subject : email;
}

/** Why an event happened, where it says so. */
export function reasonOf(event: PromotionEvent): string | undefined {
  if ('reason' in event) return event.reason;
  if (event.type === 'PromotionFailed') return event.message;
  if (event.type === 'PromotionBlocked') return `${event.reason_code}: ${event.blocked_by.join(', ')}`;
  return 'reason_code' in event ? event.reason_code : undefined;
}
