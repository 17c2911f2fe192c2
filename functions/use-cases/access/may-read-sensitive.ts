import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';

/** Whether sensitive values of an environment are delivered to a reader: to every machine, and to people with the right. */
export function mayReadSensitive(principal: Principal, environment: string): boolean {
  return principal.kind === 'machine' || may(principal, 'read_sensitive', environment);
}
