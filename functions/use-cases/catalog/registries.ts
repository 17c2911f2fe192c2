import { registryAuthority } from '../../domain/authority/places.ts';
import { type Registry, type RegistryFields, registry } from '../../domain/catalog/registry.ts';
import { isReserved } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { type Description, inCatalog } from './description.ts';
import { nothingRuns } from './nothing-runs.ts';
import { checkedRegistry, originOf, wrong } from './registry-fields.ts';

/** Registries of artifacts; one of them may be the primary. */
export const registries: Description<Registry, RegistryFields> = {
  type: 'registry',
  words: 'registry',
  actions: { read: 'read', write: 'manage_catalog' },
  // A sync copies to every one of them in one execution.
  limit: 20,
  storage: inCatalog('registry', (item) => ({ type: 'registry', item })),
  prefix: 'reg',
  named: ({ id }) => id,
  idOf: ({ id }) => id,
  scope: () => [],
  asked: () => [],
  async make({ deps, tenant, fields, ref: { id }, stamp }) {
    if (isReserved(id)) return refuse('reserved_name', `${id} is a reserved name`, { name: id });
    const url = originOf(fields.url, deps);
    if (url === undefined) {
      return wrong('url', 'must be the https address of a registry, without credentials or path');
    }
    const refusal = checkedRegistry(tenant, fields);
    if (refusal !== undefined) return refusal;
    if (fields.role === 'primary') {
      const all = await deps.catalog.all(tenant, 'registry');
      const other = all.find((one) => one.role === 'primary' && one.id !== id);
      if (other !== undefined) {
        return refuse('conflict', `${other.id} is the primary registry: make it a secondary one first`, {
          registry_id: other.id,
        });
      }
    }
    return { ...fields, id, url, ...stamp };
  },
  async heldBy(deps, tenant, { id, role }) {
    const environments = await deps.catalog.all(tenant, 'environment');
    const home = environments.find(({ artifact_repository }) => artifact_repository?.registry === id);
    if (home !== undefined) {
      return refuse('in_use', `${home.name} keeps its artifacts there`, { environment: home.name });
    }
    return role === 'primary' ? holdsArtifacts(deps, tenant) : undefined;
  },
  beside: () => [],
  authority: registryAuthority,
  recorded: registry.recorded,
};

/** Refuses `in_use` while an artifact is active in an environment. */
async function holdsArtifacts(
  deps: Pick<Deps, 'catalog' | 'heads'>,
  tenant: string,
): Promise<Refusal | readonly Write[]> {
  const environments = (await deps.catalog.all(tenant, 'environment')).map(({ name }) => name);
  return nothingRuns(deps, tenant, environments, ({ slot: { subject, environment } }) => {
    if (subject.kind !== 'artifact') return undefined;
    return refuse('in_use', `it holds the artifact ${subject.name}, which is active in ${environment}`, {
      subject,
    });
  });
}
