import { type Place, placeOf, placeText, usualPlace } from '../../domain/artifact/place.ts';
import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import { latestTag, versionTag } from '../../domain/artifact/tags.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { inOrder } from '../../domain/catalog/pipeline.ts';
import type { Registry } from '../../domain/catalog/registry.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { OPEN_STATUSES } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Registries } from '../../ports/registries.ts';
import { isRegistryFault } from '../../ports/registry.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

export type StatusDeps = Pick<
  Deps,
  'catalog' | 'heads' | 'deployments' | 'promotions' | 'versions' | 'denials' | 'clock'
> & { readonly registries: Registries };

/** What a registry says of an environment's two tags. `drifted`: one of them names other content than the environment has. */
export type RegistryStatus = {
  readonly registry: string;
  readonly repository: string;
  readonly status: 'ok' | 'drifted' | 'missing' | 'unreachable';
  readonly tags: readonly { readonly tag: string; readonly digest: Digest | null }[];
  readonly error: string | null;
};

/** What an environment has of an artifact, and how it came there. */
export type EnvironmentStatus = {
  readonly environment: string;
  readonly digest: Digest | null;
  readonly deployment: Deployment | undefined;
  /** The promotion that brought it, where one did. */
  readonly promotion: PromotionState | undefined;
  /** Asked of the registries only where the caller wants that. */
  readonly registries: readonly RegistryStatus[] | undefined;
};

export type ArtifactStatus = {
  readonly environments: readonly EnvironmentStatus[];
  /** Promotions of it that are open, newest first. */
  readonly pending: readonly PromotionState[];
};

/**
 * Where an artifact is, environment by environment as the pipeline passes them, and what is on its way. With `verify` each registry is
 * asked for the environment's tags: one that somebody moved by hand is `drifted`. Refuses `not_authorized`, `not_found`.
 */
export async function artifactStatus(
  deps: StatusDeps,
  {
    principal,
    artifact,
    verify,
  }: { readonly principal: Principal; readonly artifact: string; readonly verify: boolean },
): Promise<ArtifactStatus | Refusal> {
  const denied = await authorize(deps, principal, 'read');
  if (denied !== undefined) return denied;
  if (!isArtifactName(artifact)) return refuse('not_found', `there is no artifact ${artifact}`);
  const { tenant } = principal;
  const [all, registries] = await Promise.all([
    deps.catalog.all(tenant, 'environment'),
    deps.catalog.all(tenant, 'registry'),
  ]);
  const visible = inOrder(all).filter(({ name }) => may(principal, 'read', name));
  const environments = await Promise.all(
    visible.map((environment) => standing(deps, { tenant, artifact, environment, registries, verify })),
  );
  const pending = await openOf(deps, principal, artifact);
  if (pending.length === 0 && environments.every(({ digest }) => digest === null)) {
    const { items } = await deps.versions.page(tenant, artifact, { limit: 1 });
    if (items.length === 0) return refuse('not_found', `there is no artifact ${artifact}`);
  }
  return { environments, pending };
}

type Asked = {
  readonly tenant: string;
  readonly artifact: string;
  readonly environment: Environment;
  readonly registries: readonly Registry[];
  readonly verify: boolean;
};

async function standing(deps: StatusDeps, asked: Asked): Promise<EnvironmentStatus> {
  const { tenant, artifact, environment, verify } = asked;
  const slot = { subject: { kind: 'artifact', name: artifact }, environment: environment.name } as const;
  const head = await deps.heads.read(tenant, slot);
  const deployment =
    head?.deployment_id === undefined ? undefined : await deps.deployments.read(tenant, head.deployment_id);
  const brought = deployment?.promotion_id;
  const promotion = brought === undefined ? undefined : (await deps.promotions.read(tenant, brought))?.state;
  const digest = head?.digest ?? null;
  const registries =
    verify && digest !== null && deployment?.version_label !== undefined
      ? await Promise.all(
          placesIn(asked, deployment).map((place) => asking(deps, asked, { place, digest, deployment })),
        )
      : undefined;
  return { environment: environment.name, digest, deployment, promotion, registries };
}

/** The environment's own place, and those that the promotion synced to. */
function placesIn({ artifact, environment, registries }: Asked, { details }: Deployment): readonly Place[] {
  const own = placeOf(environment, artifact, registries);
  const synced = Array.isArray(details['registries']) ? details['registries'] : [];
  const others = registries.filter(
    ({ id, role }) =>
      role === 'secondary' &&
      synced.some(
        (one) => typeof one === 'object' && one !== null && 'registry' in one && one['registry'] === id,
      ),
  );
  const places = [
    ...(isRefusal(own) ? [] : [own]),
    ...others.map((registry) => usualPlace(registry, artifact)),
  ];
  return [...new Map(places.map((place) => [placeText(place), place])).values()];
}

async function asking(
  deps: StatusDeps,
  { tenant, environment }: Asked,
  {
    place,
    digest,
    deployment,
  }: { readonly place: Place; readonly digest: Digest; readonly deployment: Deployment },
): Promise<RegistryStatus> {
  const { details, version_label = '' } = deployment;
  const set = typeof details['tag'] === 'string' ? details['tag'] : versionTag(version_label, environment);
  const about = { registry: place.registry.id, repository: placeText(place) };
  try {
    const repository = deps.registries.repository(tenant, place.registry, place.path);
    const tags = await Promise.all(
      [set, latestTag(environment)].map(async (tag) => ({
        tag,
        digest: (await repository.resolve(tag))?.digest ?? null,
      })),
    );
    const moved = tags.some((tag) => tag.digest !== null && tag.digest !== digest);
    const missing = tags.some((tag) => tag.digest === null);
    return { ...about, status: moved ? 'drifted' : missing ? 'missing' : 'ok', tags, error: null };
  } catch (error) {
    if (!isRegistryFault(error)) throw error;
    return { ...about, status: 'unreachable', tags: [], error: error.message };
  }
}

/** Open promotions that are shown. */
const MOST_PENDING = 100;

async function openOf(
  deps: StatusDeps,
  principal: Principal,
  artifact: string,
): Promise<readonly PromotionState[]> {
  const filter = { statuses: OPEN_STATUSES, kind: 'artifact', subject_name: artifact } as const;
  const found: PromotionState[] = [];
  for await (const state of everyItem((page) => deps.promotions.list(principal.tenant, filter, page))) {
    if (may(principal, 'read', state.target_environment)) found.push(state);
    if (found.length === MOST_PENDING) break;
  }
  return found;
}
