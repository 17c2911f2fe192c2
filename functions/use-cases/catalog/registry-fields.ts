import { isRepositoryPath } from '../../domain/artifact/repository-path.ts';
import { isOwnSecret, secretPrefix } from '../../domain/catalog/own-secret.ts';
import type { RegistryFields } from '../../domain/catalog/registry.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type CallLimits, isCallable } from './callable.ts';

/** The origin that a caller's URL names; a host alone is meant as https. Undefined where it is no origin that may be written down. */
export function originOf(url: string, limits: CallLimits): string | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
  const parsed = URL.parse(text);
  if (parsed === null || !isCallable(text, limits)) return undefined;
  return parsed.pathname === '/' && parsed.search === '' ? parsed.origin : undefined;
}

/** Refuses (`invalid_request`) a registry that could not be used, or not safely. */
export function checkedRegistry(
  tenant: string,
  { repository_prefix, secret_ref }: Pick<RegistryFields, 'repository_prefix' | 'secret_ref'>,
): Refusal | undefined {
  if (repository_prefix !== undefined && !isRepositoryPath(repository_prefix)) {
    return wrong('repository_prefix', 'must be lower-case names of repositories with slashes between');
  }
  const use = { tenant, purpose: 'registry' } as const;
  if (secret_ref !== undefined && !isOwnSecret(use, secret_ref)) {
    return wrong('secret_ref', `must name a secret under ${secretPrefix(use)}`);
  }
  return undefined;
}

export const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
