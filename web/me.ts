import type { Principal } from '../functions/domain/identity/principal.ts';
import { type Action, may } from '../functions/domain/identity/roles.ts';
import { session } from './api/client.ts';

/** Whether the person's roles allow an action in an environment: what the server will say, said before somebody tries. */
export function iMay(action: Action, environment?: string): boolean {
  const known = session.value;
  if (!known || known.tenant === null) return false;
  const { tenant, subject, email, roles, groups } = known;
  const principal: Principal = { tenant, subject, email, kind: 'person', groups, grants: roles };
  return may(principal, action, environment);
}
