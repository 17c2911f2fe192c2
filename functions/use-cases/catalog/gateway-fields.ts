import type { Gateway } from '../../domain/catalog/gateway.ts';
import { isOwnSecret, secretPrefix } from '../../domain/catalog/own-secret.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { type CallLimits, isCallable } from './callable.ts';

/** Refuses (`invalid_request`) a gateway that could not be called, or not safely. */
export async function checkedGateway(
  deps: Pick<Deps, 'directory'>,
  tenant: string,
  gateway: Gateway,
  limits: CallLimits,
): Promise<Refusal | undefined> {
  if (gateway.driver === 'http' && gateway.endpoint === undefined) {
    return wrong('endpoint', 'is required by the driver http');
  }
  if (gateway.endpoint !== undefined && !isCallable(gateway.endpoint, limits)) {
    return wrong('endpoint', 'must be an https URL without credentials or fragment');
  }
  const use = { tenant, purpose: 'gateway' } as const;
  if (gateway.secret_ref !== undefined && !isOwnSecret(use, gateway.secret_ref)) {
    return wrong('secret_ref', `must name a secret under ${secretPrefix(use)}`);
  }
  if (gateway.principal === undefined) return undefined;
  const machine = await deps.directory.machine(tenant, gateway.principal);
  return machine === undefined ? wrong('principal', 'is no machine of this tenant') : undefined;
}

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
