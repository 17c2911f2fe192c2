import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { ACTIONS, type Action, may } from '../../domain/identity/roles.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';

/**
 * Whether somebody may do something, in one environment or in the whole tenant; a "no" is kept as a denial.
 * The refusal names the roles of which one is needed.
 */
export async function authorize(
  deps: Pick<Deps, 'denials' | 'clock'>,
  principal: Principal,
  action: Action,
  environment?: string,
): Promise<Refusal | undefined> {
  const refusal = roleMissing(principal, action, environment);
  if (refusal === undefined) return undefined;
  await deps.denials.record({
    tenant: principal.tenant,
    at: deps.clock.now(),
    actor: actorOf(principal),
    code: 'not_authorized',
    action,
  });
  return refusal;
}

/** The refusal of somebody whose roles do not allow an action; keeps no denial. */
export function roleMissing(principal: Principal, action: Action, environment?: string): Refusal | undefined {
  if (may(principal, action, environment)) return undefined;
  const required = ACTIONS[action];
  const where = environment === undefined ? 'in the whole tenant' : `in ${environment}`;
  return refuse('not_authorized', `requires the role ${required.join(' or ')} ${where}`, { required });
}
