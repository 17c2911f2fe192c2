import { attachedTags } from '../../domain/artifact/attached.ts';
import { pinOf } from '../../domain/artifact/pin.ts';
import { placeOf, placeText, usualPlace } from '../../domain/artifact/place.ts';
import { RECORD_TYPE } from '../../domain/artifact/promotion-record.ts';
import { fallbackTag } from '../../domain/artifact/referrers.ts';
import {
  isWithin,
  type Judged,
  judgeRetention,
  type Keeping,
  type Naming,
} from '../../domain/artifact/retention.ts';
import { ARTIFACT_SETTINGS, type Retention } from '../../domain/artifact/settings.ts';
import { rollbackTag, versionTag } from '../../domain/artifact/tags.ts';
import type { ArtifactVersion } from '../../domain/artifact/version.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { Registry } from '../../domain/catalog/registry.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Registries } from '../../ports/registries.ts';
import type { Repository } from '../../ports/registry.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { KeepingDeps } from '../catalog/description.ts';
import type { Deps } from '../deps.ts';
import { committed } from '../engine/commit.ts';
import { type RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { everyItem } from '../every-item.ts';
import { namedBy, receivedIn } from './available-updates.ts';
import { publishedOf } from './read.ts';
import { orRefusal } from './registry-refusal.ts';

export type RetentionDeps = KeepingDeps & Pick<Deps, 'versions'> & { readonly registries: Registries };

/** What becomes of a version in one repository. `kept_because`: something else names the manifest, or the registry does not delete. */
export type Removal = {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly manifest: 'deleted' | 'kept';
  readonly kept_because?: 'tagged' | 'referred' | 'another_version' | 'not_offered' | 'absent';
};

/** What a retention does, or would do. */
export type Retained = {
  readonly kept: readonly { readonly version: string; readonly because: readonly Keeping[] }[];
  readonly removed: readonly {
    readonly version: string;
    readonly digest: string;
    readonly places: readonly Removal[];
  }[];
};

/** Tags of one repository that are looked at before a manifest is deleted: beyond that nobody is sure, and it stays. */
const MOST_TAGS = 500;

/**
 * Takes away the tags of versions that the retention of the tenant does not keep, and their manifests where nothing else names them;
 * `dry_run` says what that would be. Doing it again goes on where a crash left it. Refuses `not_authorized`, `not_found` where no
 * retention is configured or nothing was published, `registry_failed`.
 */
export async function retain(
  deps: RetentionDeps,
  input: { readonly principal: Principal; readonly artifact: string; readonly dry_run: boolean },
): Promise<Retained | Refusal> {
  const { principal, artifact, dry_run } = input;
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'manage_catalog');
  if (refusal !== undefined) return refusal;
  const settings = await deps.catalog.item(tenant, 'artifact_settings', ARTIFACT_SETTINGS);
  if (settings?.retention === undefined) {
    return refuse('not_found', 'no retention is configured: set x-sluice.retention at /api/v1/configuration');
  }
  const published = await publishedOf(deps, tenant, artifact);
  if (published.length === 0) return refuse('not_found', `there is no version of ${artifact}`);
  const judged = await judge(deps, tenant, artifact, published, settings.retention);
  const going = judged.filter(({ because }) => because.length === 0).map(({ version }) => version);
  return orRefusal(async () => {
    const repositories = await repositoriesOf(deps, tenant, artifact, going);
    const removed = [];
    for (const version of going) {
      const places: Removal[] = [];
      for (const place of repositories) {
        places.push(await remove(place, version, { published, dry_run }));
      }
      const gone = { version: version.label, digest: version.digest, places };
      removed.push(gone);
      // Where a registry takes no tag away, the version is still offered there.
      const stays = places.some(
        ({ tags, kept_because }) => tags.length > 0 && kept_because === 'not_offered',
      );
      if (dry_run || stays) continue;
      const kept = await untilCommitted(deps, () => noted(deps, principal, version));
      if (isRefusal(kept)) return kept;
    }
    return {
      kept: judged.flatMap(({ version, because }) =>
        because.length === 0 ? [] : [{ version: version.label, because }],
      ),
      removed,
    };
  });
}

async function judge(
  deps: RetentionDeps,
  tenant: string,
  artifact: string,
  published: readonly ArtifactVersion[],
  rule: Retention,
): Promise<readonly Judged[]> {
  const now = deps.clock.now();
  const subject = { kind: 'artifact', name: artifact } as const;
  const [consumers, environments] = await Promise.all([
    deps.catalog.all(tenant, 'consumer'),
    deps.catalog.all(tenant, 'environment'),
  ]);
  const slots = environments.map(({ name }) => ({ subject, environment: name }));
  const heads = (await Promise.all(slots.map((slot) => deps.heads.read(tenant, slot)))).filter(
    (head) => head !== undefined,
  );
  const history = new Set<string>();
  for (const { slot } of heads) {
    for await (const { digest, previous, at } of everyItem((page) =>
      deps.heads.revisions(tenant, slot, page),
    )) {
      if (!isWithin(at, rule, now)) break;
      for (const each of [digest, previous]) if (each !== null) history.add(each);
    }
  }
  const pinned = new Set<string>();
  for (const { constraint, environment } of consumers.filter((one) => one.artifact === artifact)) {
    const own = await receivedIn(deps, { tenant, artifact, environment }, published);
    const other = namedBy(constraint, environments);
    const named = other && (await receivedIn(deps, { tenant, artifact, environment: other }, published));
    const pin = pinOf(constraint, own, named === '' ? undefined : named);
    if (pin.status === 'satisfied') pinned.add(pin.version);
  }
  const claims = heads.flatMap(({ claim }) => (claim === undefined ? [] : [claim.promotion]));
  const executing = await Promise.all(claims.map((id) => deps.promotions.read(tenant, id)));
  const named: Naming = {
    active: new Set(heads.flatMap(({ digest }) => (digest === null ? [] : [digest]))),
    claimed: new Set(
      executing.flatMap((one) => (one === undefined ? [] : [one.state.seal.plan.source.digest])),
    ),
    history,
    pinned,
  };
  return judgeRetention(published, rule, named, now);
}

type InRepository = {
  readonly repository: Repository;
  readonly tags: readonly string[];
  readonly environments: readonly Environment[];
};

/** Every repository that an environment or a sync may have brought the artifact to, with its tags. */
async function repositoriesOf(
  deps: RetentionDeps,
  tenant: string,
  artifact: string,
  going: readonly ArtifactVersion[],
): Promise<readonly InRepository[]> {
  if (going.length === 0) return [];
  const [registries, environments] = await Promise.all([
    deps.catalog.all(tenant, 'registry'),
    deps.catalog.all(tenant, 'environment'),
  ]);
  const published = going.flatMap(({ registry: id, repository: path }) => {
    const registry: Registry | undefined = registries.find((one) => one.id === id);
    return registry === undefined ? [] : [{ registry, path }];
  });
  const own = environments.map((environment) => placeOf(environment, artifact, registries));
  const places = [
    ...published,
    ...own.flatMap((place) => (isRefusal(place) ? [] : [place])),
    ...registries.map((registry) => usualPlace(registry, artifact)),
  ];
  const unique = [...new Map(places.map((place) => [placeText(place), place])).values()];
  return Promise.all(
    unique.map(async ({ registry, path }) => {
      const repository = deps.registries.repository(tenant, registry, path);
      return { repository, tags: await repository.tags(), environments };
    }),
  );
}

/** Takes a version out of one repository: its tags first, then its manifest where nothing names it any more. */
async function remove(
  { repository, tags, environments }: InRepository,
  { label, digest, version }: ArtifactVersion,
  { published, dry_run }: { readonly published: readonly ArtifactVersion[]; readonly dry_run: boolean },
): Promise<Removal> {
  const own = environments.flatMap((one) => [versionTag(label, one), rollbackTag(label, one)]);
  const going: string[] = [];
  for (const tag of tags.filter((one) => own.includes(one))) {
    if ((await repository.resolve(tag))?.digest !== digest) continue;
    going.push(tag);
  }
  const kept = await keptBy({ repository, tags: tags.filter((tag) => !going.includes(tag)) }, digest, () =>
    published.some((one) => one.digest === digest && one.version !== version),
  );
  const place = { repository: repository.name, tags: going };
  if (!dry_run) for (const tag of going) if (!(await repository.untag(tag))) return notOffered(place);
  if (kept !== undefined) return { ...place, manifest: 'kept', kept_because: kept };
  if (dry_run) return { ...place, manifest: 'deleted' };
  const records = await repository.referrers(digest);
  if (!(await repository.removeManifest(digest))) return notOffered(place);
  for (const record of records) await repository.removeManifest(record.digest);
  // Where the registry keeps the list as a tag, that is a manifest too.
  const list = await repository.resolve(fallbackTag(digest));
  if (list !== undefined) await repository.removeManifest(list.digest);
  return { ...place, manifest: 'deleted' };
}

const notOffered = (place: Pick<Removal, 'repository' | 'tags'>): Removal => ({
  ...place,
  manifest: 'kept',
  kept_because: 'not_offered',
});

/** What keeps a manifest when the version's own tags are gone. */
async function keptBy(
  { repository, tags }: Pick<InRepository, 'repository' | 'tags'>,
  digest: ArtifactVersion['digest'],
  isAnother: () => boolean,
): Promise<Removal['kept_because']> {
  if ((await repository.resolve(digest)) === undefined) return 'absent';
  if (isAnother()) return 'another_version';
  // Records say how it came here: they keep nothing, and go with it.
  const referrers = await repository.referrers(digest);
  if (referrers.some(({ artifactType }) => artifactType !== RECORD_TYPE)) return 'referred';
  if (attachedTags(digest).some((tag) => tags.includes(tag))) return 'referred';
  if (tags.length > MOST_TAGS) return 'tagged';
  for (const tag of tags) if ((await repository.resolve(tag))?.digest === digest) return 'tagged';
  return undefined;
}

/** Records that a version is no longer offered, among the tenant's changes. */
async function noted(
  deps: RetentionDeps,
  principal: Principal,
  version: ArtifactVersion,
): Promise<ArtifactVersion | Refusal | typeof RACE_LOST> {
  const { tenant } = principal;
  const stored = await deps.versions.read(tenant, version.artifact, version.version);
  if (stored === undefined || stored.removed_at !== undefined) return stored ?? version;
  const item = { ...stored, removed_at: deps.clock.now(), edition: stored.edition + 1 };
  const told = {
    action: 'delete',
    target: { type: 'artifact_version', id: `${version.artifact}@${version.version}` },
    reason: 'retention',
    before: stored,
  } as const;
  const outcome = await committed(deps, tenant, [
    { write: 'artifact_version', item, expected: stored.edition },
    await recordChange(deps, tenant, actorOf(principal), told),
  ]);
  return outcome ?? item;
}
