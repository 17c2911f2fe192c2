import type { Environment } from '../catalog/environment.ts';
import type { Registry } from '../catalog/registry.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** What of a registry says where repositories are. */
export type Address = Pick<Registry, 'id' | 'role' | 'url' | 'repository_prefix'>;

/** A repository by its registry and its path there. */
export type Place<R extends Address = Registry> = { readonly registry: R; readonly path: string };

/** The place as people read it: `registry.acme.com/platform`. */
export const placeText = ({ registry, path }: Place<Address>): string =>
  `${new URL(registry.url).host}/${path}`;

/** The repository of an artifact in a registry, where nobody named another. */
export function usualPlace<R extends Address>(registry: R, artifact: string): Place<R> {
  const { repository_prefix } = registry;
  return { registry, path: repository_prefix === undefined ? artifact : `${repository_prefix}/${artifact}` };
}

/** Where an artifact lives for an environment: in the repository that the environment names, else in the primary registry. */
export function placeOf<R extends Address>(
  { name, artifact_repository: named }: Pick<Environment, 'name' | 'artifact_repository'>,
  artifact: string,
  registries: readonly R[],
): Place<R> | Refusal {
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
