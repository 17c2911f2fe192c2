import type { Environment } from '../../domain/catalog/environment.ts';
import { isOwnSecret, secretPrefix } from '../../domain/catalog/own-secret.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { ChannelFields, ChannelFilter } from '../../domain/notification/channel.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type CallLimits, isCallable } from '../catalog/callable.ts';

/** A filter over what there is; an environment that the channel named before may be gone by now. Refuses `unknown_environment`. */
export function checkedFilter(
  known: readonly Environment[],
  { events, environments, severities }: ChannelFields['filter'],
  before: ChannelFilter | undefined,
): ChannelFilter | Refusal {
  if (environments === 'all') return { events, environments, severities };
  const names: string[] = [];
  for (const one of environments) {
    const environment = findEnvironment(known, one);
    if (environment !== undefined) names.push(environment.name);
    else if (before?.environments === 'all' || before?.environments.includes(one) !== true) {
      return refuse('unknown_environment', `there is no environment ${one}`, { name: one });
    }
  }
  return { events, environments: [...new Set(names)], severities };
}

/** Refuses (`invalid_request`) a target that could not be reached, or not safely. */
export function wrongTarget(tenant: string, target: ChannelFields, limits: CallLimits): Refusal | undefined {
  if (target.type === 'webhook' && !isCallable(target.url, limits)) {
    return wrong('url', 'must be an https URL without credentials or fragment');
  }
  if (target.type === 'email') return undefined;
  const use = { tenant, purpose: target.type };
  for (const [field, ref] of Object.entries(target)) {
    if (field.endsWith('_ref') && !isOwnSecret(use, String(ref))) {
      return wrong(field, `must name a secret under ${secretPrefix(use)}`);
    }
  }
  return undefined;
}

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
