import type { PendingChangeView } from '../../contract/pending-change-view.ts';
import { isOver, type PendingChange } from '../../domain/audit/pending-change.ts';
import { valuesView, weakensView } from './audit-views.ts';
import { actorView } from './promotion-views.ts';

/** A change that waits for a second admin, as the API shows it; `became` where it waits no longer. */
export function pendingChangeView(
  tenant: string,
  pending: PendingChange,
  now: string,
  became?: 'confirmed' | 'discarded',
): PendingChangeView {
  const { id, action, target, reason, weakens, values, asked_by, created_at, expires_at } = pending;
  return {
    id,
    organization_id: tenant,
    status: became ?? (isOver(pending, now) ? 'expired' : 'pending'),
    ...{ action, target, reason },
    weakens: weakensView(weakens),
    values: valuesView(values),
    asked_by: actorView(asked_by),
    asked_at: created_at,
    expires_at,
  };
}
