import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';

/** Keeps a record of an authorization that was refused, and passes the refusal on; other refusals pass as they are. */
export async function denied(
  deps: Pick<Deps, 'denials'>,
  principal: Principal,
  action: string,
  now: string,
  refusal: Refusal,
): Promise<Refusal> {
  if (refusal.refused === 'not_authorized') {
    await deps.denials.record({
      tenant: principal.tenant,
      at: now,
      actor: actorOf(principal),
      code: refusal.refused,
      action,
    });
  }
  return refusal;
}
