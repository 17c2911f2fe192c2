import { isRepositoryPath } from '../../domain/artifact/repository-path.ts';
import { recordedEnvironment } from '../../domain/audit/recorded.ts';
import { environmentAuthority } from '../../domain/authority/environment.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment, inOrder } from '../../domain/catalog/pipeline.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { type Description, inCatalog, type KeepingDeps } from './description.ts';
import { decidable, type EnvironmentFields, placed, withFields } from './environment-fields.ts';
import { checkedProviders } from './gate-settings.ts';
import { heldBy } from './in-use.ts';
import { beginChains, wasNamed } from './made-again.ts';
import { wrong } from './registry-fields.ts';
import { serializePipeline } from './serialize-pipeline.ts';

const stored = inCatalog('environment', (item) => ({ type: 'environment', item }));

/** Environments, first of the pipeline first. Their order and names are the tenant's to change, their settings also their own admin's. */
export const environments: Description<Environment, EnvironmentFields> = {
  type: 'environment',
  words: 'environment',
  actions: { read: 'read', write: 'manage_catalog' },
  // A lock of everything writes them all in one commit, which holds 100 items.
  limit: 50,
  storage: {
    ...stored,
    read: async (deps, tenant, { id }) => findEnvironment(await deps.catalog.all(tenant, 'environment'), id),
    async page(deps, tenant, { limit, after }) {
      const all = inOrder(await deps.catalog.all(tenant, 'environment'));
      // The pipeline is read as a whole, so a position in it is how many have been shown.
      const end = Number(after ?? 0) + limit;
      const items = all.slice(end - limit, end);
      return end < all.length ? { items, next: String(end) } : { items };
    },
  },
  named: ({ name }) => name,
  idOf: ({ name }) => name,
  scope(before, after) {
    if (before === undefined || after === undefined) return [EVERY_ENVIRONMENT];
    return placeOf(before) === placeOf(after) ? [after.name] : [EVERY_ENVIRONMENT];
  },
  asked: (_, fields, item) => (fields === undefined || item !== undefined ? [] : [EVERY_ENVIRONMENT]),
  async make({ deps, tenant, fields, stored: item, environments: all, stamp }) {
    const others = all.filter(({ name }) => name !== fields.name);
    const made = withFields(fields, item, others, stamp);
    if (isRefusal(made)) return made;
    const again = item === undefined && (await wasNamed(deps, tenant, fields.name));
    const environment = again ? { ...made, incarnation: stamp.version } : made;
    return (
      checkedProviders(environment.gates, { tenant, limits: deps }) ??
      decidable(environment) ??
      placed(environment, others) ??
      (await misplaced(deps, tenant, environment)) ??
      environment
    );
  },
  prepare: beginChains,
  async heldBy(deps, tenant, { name }) {
    const all = await deps.catalog.all(tenant, 'environment');
    if (all.length === 1) return refuse('in_use', `${name} is the only environment`);
    return heldBy(deps, tenant, name);
  },
  beside: ({ environments: all, before, after }) => serializePipeline(all, (after ?? before)?.name ?? ''),
  authority: environmentAuthority,
  recorded: recordedEnvironment,
};

/** Refuses a place for artifacts that is none. */
async function misplaced(
  deps: KeepingDeps,
  tenant: string,
  { artifact_repository }: Environment,
): Promise<Refusal | undefined> {
  const { registry, repository } = artifact_repository ?? {};
  const field = 'artifact_repository';
  if (repository !== undefined && !isRepositoryPath(repository)) {
    return wrong(field, 'must name a repository in lower case, with slashes between its parts');
  }
  if (registry === undefined || (await deps.catalog.item(tenant, 'registry', registry)) !== undefined) {
    return undefined;
  }
  return wrong(field, `must name a registry of this tenant: there is no ${registry}`);
}

/** Where an environment stands in the pipeline, and under which names. */
const placeOf = ({ rank, aliases }: Environment): string => canonicalJson([rank, aliases]);
