import type { Environment } from '../../domain/catalog/environment.ts';
import type { Registry } from '../../domain/catalog/registry.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** A repository by its registry and its path there. */
export type Place = { readonly registry: Registry; readonly path: string };

/** The place as people read it: `registry.acme.com/platform`. */
export const placeText = ({ registry, path }: Place): string => `${new URL(registry.url).host}/${path}`;

/** The repository of an artifact in a registry, where nobody named another. */
export function usualPlace(registry: Registry, artifact: string): Place {
  const { repository_prefix } = registry;
  return { registry, path: repository_prefix === undefined ? artifact : `${repository_prefix}/${artifact}` };
}

/** Where an artifact lives for an environment: in the repository that the environment names, else in the primary registry. */
export function placeOf(
  { name, artifact_repository: named }: Environment,
  artifact: string,
  registries: readonly Registry[],
): Place | Refusal {
  const registry = registries.find(({ id, role }) =>
    named?.registry === undefined ? role === 'primary' : id === named.registry,
  );
  if (registry === undefined) {
    return named?.registry === undefined
      ? refuse('no_registry', 'the tenant has no primary registry: create a registry with the role primary')
      : refuse('no_registry', `${name} keeps its artifacts in ${named.registry}, which does not exist`, {
          registry_id: named.registry,
        });
  }
  return named?.repository === undefined
    ? usualPlace(registry, artifact)
    : { registry, path: `${named.repository}/${artifact}` };
}
