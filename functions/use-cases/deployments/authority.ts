import type { Environment } from '../../domain/catalog/environment.ts';
import type { Gateway } from '../../domain/catalog/gateway.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { ACTIONS, type Action, may } from '../../domain/identity/roles.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';

/** Whether somebody's roles allow an action in an environment; the refusal names the roles that would. */
export function unauthorized(principal: Principal, action: Action, environment: string): Refusal | undefined {
  if (may(principal, action, environment)) return undefined;
  const required = ACTIONS[action];
  return refuse('not_authorized', `requires the role ${required.join(' or ')} in ${environment}`, {
    required,
  });
}

/** A protected environment is recorded by machines with the role recorder alone, unless nothing ever ran in the slot. */
export function protectedFrom(
  principal: Principal,
  environment: Environment,
  head: Pick<Head, 'revision'> | undefined,
): Refusal | undefined {
  const empty = (head?.revision ?? 0) === 0;
  if (!environment.protected || empty || may(principal, 'record_protected', environment.name))
    return undefined;
  return refuse(
    'protected',
    `${environment.name} is protected: only a machine with the role recorder may record there`,
    { environment: environment.name },
  );
}

/** While a promotion's effects happen outside the table, the head is its alone. */
export function claimed(head: Head | undefined): Refusal | undefined {
  if (head?.claim === undefined) return undefined;
  return refuse('conflict', 'a promotion is being executed there', { promotion_id: head.claim.promotion });
}

/** Whether a principal is the one machine that speaks for a gateway. */
export function speaksFor(principal: Principal, gateway: Gateway | undefined): boolean {
  return (
    gateway?.principal !== undefined &&
    gateway.principal === principal.subject &&
    may(principal, 'report_outcome', gateway.environment)
  );
}

/** Whether somebody may say that a deployment went live in the past: machines with the role recorder, and admins. */
export function mayDateBack(principal: Principal, environment: string): boolean {
  return (
    may(principal, 'record_protected', environment) ||
    principal.grants.some(
      (grant) => grant.role === 'admin' && (grant.environment ?? environment) === environment,
    )
  );
}
