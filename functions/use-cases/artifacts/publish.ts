import { type Place, placeOf, placeText } from '../../domain/artifact/place.ts';
import { parseReference } from '../../domain/artifact/reference.ts';
import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import { tooLarge } from '../../domain/artifact/size-limit.ts';
import { isTag, latestTag, namesEnvironment, rollbackTag, versionTag } from '../../domain/artifact/tags.ts';
import { type ArtifactVersion, type ParsedVersion, parseVersion } from '../../domain/artifact/version.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { inOrder } from '../../domain/catalog/pipeline.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { isReserved } from '../../domain/ids.ts';
import { within } from '../../domain/in-environment.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Registries } from '../../ports/registries.ts';
import type { Repository, StoredManifest } from '../../ports/registry.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { claimed, protectedFrom } from '../deployments/authority.ts';
import { headWrites } from '../deployments/go-live.ts';
import type { Deps } from '../deps.ts';
import { deploymentEvent, hint } from '../engine/deployment-hints.ts';
import { commitOrUnknown } from '../engine/run-command.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { followHead } from './follow-head.ts';
import { readVersion, type ShownVersion } from './read.ts';
import { orRefusal } from './registry-refusal.ts';
import { assertSizes, type Measured, measure } from './size.ts';
import { isSet, setTag } from './tagging.ts';

export type PublishDeps = Pick<
  Deps,
  | 'transactions'
  | 'catalog'
  | 'heads'
  | 'versions'
  | 'deployments'
  | 'denials'
  | 'clock'
  | 'ids'
  | 'random'
  | 'sleep'
  | 'bus'
> & { readonly registries: Registries };

export type PublishInput = {
  readonly principal: Principal;
  readonly artifact: string;
  readonly version: string;
  /** A tag or digest in the artifact's repository, alone or as clients write it. */
  readonly reference: string;
  /** What to keep for a repeated request, written in the same transaction. */
  readonly answer?: (version: ShownVersion) => StoredAnswer;
};

export type Published = { readonly shown: ShownVersion; readonly created: boolean };

/**
 * Publishes a version of an artifact into the first environment of the pipeline: the digest is asked of the registry, the version is
 * recorded, its tag is set, the head of the environment moves, and the environment's latest tag moves last. Each step is done once,
 * whoever breaks off, so publishing again goes on. The same version with the same content again
 * is answered as it was, and its tags are put right. Refuses `not_authorized`, `protected`, `invalid_request`, `no_registry`,
 * `not_found` for a reference that names nothing, `artifact_too_large`, `tag_exists` for a version that has other content, `conflict` while a promotion
 * holds the head, and `registry_failed`.
 */
export async function publishVersion(deps: PublishDeps, input: PublishInput): Promise<Published | Refusal> {
  const target = await targetOf(deps, input);
  if (isRefusal(target)) return target;
  return orRefusal(() => publish(deps, input, target));
}

/** Where a version goes, and what it is called. */
type Target = {
  readonly environment: Environment;
  readonly place: Place;
  readonly repository: Repository;
  readonly named: ParsedVersion;
  readonly at: string;
};

async function targetOf(deps: PublishDeps, input: PublishInput): Promise<Target | Refusal> {
  const { principal, artifact, version, reference } = input;
  const { tenant } = principal;
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined) return unread;
  const environments = inOrder(await deps.catalog.all(tenant, 'environment'));
  const [environment] = environments;
  if (environment === undefined) return refuse('unknown_environment', 'the tenant has no environment');
  const denied = await authorize(deps, principal, 'record', environment.name);
  if (denied !== undefined) return denied;
  if (!isArtifactName(artifact))
    return wrong('name', 'must be lower-case letters and digits, with . _ or - between');
  if (isReserved(artifact))
    return refuse('reserved_name', `${artifact} is a reserved name`, { name: artifact });
  const named = parseVersion(version);
  if (named === undefined)
    return wrong('version', 'must be a semantic version such as v1.2.3, of at most 64 characters');
  if (namesEnvironment(version, environments)) {
    return wrong('version', 'must not end with the name of an environment: tags are made from the version');
  }
  const tooLong = environments.find((one) => !isTag(rollbackTag(named.label, one)));
  if (tooLong !== undefined) {
    return wrong('version', `makes a tag of more than 128 characters in ${tooLong.name}`);
  }
  const place = placeOf(environment, artifact, await deps.catalog.all(tenant, 'registry'));
  if (isRefusal(place)) return place;
  const parsed = parseReference(reference);
  if (parsed === undefined)
    return wrong('reference', 'must be a tag or a digest, or an image reference with one of them');
  const { host = new URL(place.registry.url).host, path = place.path, at } = parsed;
  if (`${host}/${path}` !== placeText(place)) {
    return wrong('reference', `must be in ${placeText(place)}, where ${environment.name} keeps the artifact`);
  }
  const repository = deps.registries.repository(tenant, place.registry, place.path);
  return { environment, place, repository, named, at };
}

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });

async function publish(deps: PublishDeps, input: PublishInput, target: Target): Promise<Published | Refusal> {
  const { environment, repository, named, at } = target;
  const { principal, artifact } = input;
  const manifest = await repository.readManifest(at);
  if (manifest === undefined) {
    return refuse('not_found', `there is no ${repository.name}${at.includes(':') ? '@' : ':'}${at}`, {
      field: 'reference',
    });
  }
  const measured = await sizeOf(manifest, target);
  if (isRefusal(measured)) return measured;
  // Before anything is written: a tag that names other content is the answer.
  await isSet(repository, versionTag(named.label, environment), manifest);
  const id = deps.ids.next('dep');
  const version = await untilCommitted(deps, () =>
    reserve(deps, input, target, { manifest, id, ...measured }),
  );
  if (isRefusal(version)) return version;
  // The record has decided which content the version is: only then is the tag set, by whoever comes first.
  await setTag(repository, versionTag(version.label, environment), manifest);
  const active = await untilCommitted(deps, () => activate(deps, input, target, version));
  if (isRefusal(active)) return active;
  const slot = slotIn(artifact, environment);
  await followHead(deps, { tenant: principal.tenant, slot, repository, tag: latestTag(environment) });
  if (!active.activated) {
    const shown = await readVersion(deps, { principal, artifact, version: version.version });
    return isRefusal(shown) ? shown : { shown, created: false };
  }
  const type = active.replaced ? UPGRADED : DEPLOYED;
  const { live } = active;
  await hint(deps, deploymentEvent(principal.tenant, type, live, live.deployed_at));
  return { shown: firstShown(version, target), created: true };
}

/** The bytes of the content; where the registry has a limit, also all that refers to it, as large as the registry really has it. */
async function sizeOf(
  manifest: StoredManifest,
  { place: { registry }, repository }: Target,
): Promise<Pick<Measured, 'content'> | Refusal> {
  const referrers = registry.max_artifact_bytes !== undefined;
  const { content, whole, blobs } = await measure(repository, manifest, { referrers });
  const refusal = tooLarge(`${repository.name}@${manifest.digest}`, whole, registry);
  if (refusal !== undefined) return refusal;
  if (referrers) await assertSizes(repository, blobs);
  return { content };
}

/** Writes which content a version is; of many at once one does. What is written already is the answer, unless it is other content. */
async function reserve(
  deps: PublishDeps,
  { principal, artifact }: PublishInput,
  { environment, place, named }: Target,
  {
    manifest,
    id,
    content,
  }: { readonly manifest: StoredManifest; readonly id: string; readonly content: number },
): Promise<ArtifactVersion | Refusal | typeof RACE_LOST> {
  const { tenant } = principal;
  const { digest } = manifest;
  const stored = await deps.versions.read(tenant, artifact, named.version);
  if (stored !== undefined && stored.digest !== digest) return otherContent(stored);
  if (stored?.removed_at !== undefined) {
    return refuse(
      'conflict',
      `version ${stored.label} of ${artifact} was removed by its retention: publish another`,
    );
  }
  if (stored !== undefined) return stored;
  const head = await deps.heads.read(tenant, slotIn(artifact, environment));
  const refusal = protectedFrom(principal, environment, head) ?? claimed(head);
  if (refusal !== undefined) return refusal;
  const version: ArtifactVersion = {
    artifact,
    ...named,
    digest,
    media_type: manifest.mediaType,
    size: manifest.bytes.length,
    content_bytes: content,
    registry: place.registry.id,
    repository: place.path,
    published_by: actorOf(principal),
    published_at: deps.clock.now(),
    deployment_id: id,
    edition: 1,
  };
  const result = await commitOrUnknown(deps, tenant, [
    { write: 'artifact_version', item: version, expected: 0 },
  ]);
  return result !== 'unknown' && result.committed ? version : RACE_LOST;
}

type Activated = { readonly activated: boolean; readonly replaced: boolean; readonly live: Deployment };

/** Makes a version the active one of its environment, once: its deployment is the proof. */
async function activate(
  deps: PublishDeps,
  { principal, artifact, answer }: PublishInput,
  target: Target,
  version: ArtifactVersion,
): Promise<Activated | Refusal | typeof RACE_LOST> {
  const { environment } = target;
  const { tenant } = principal;
  const there = await deps.deployments.read(tenant, version.deployment_id);
  if (there !== undefined) return { activated: false, replaced: false, live: there };
  const head = await deps.heads.read(tenant, slotIn(artifact, environment));
  const refusal = protectedFrom(principal, environment, head) ?? claimed(head);
  if (refusal !== undefined) return refusal;
  const now = deps.clock.now();
  const live = deploymentOf(version, environment, now);
  const writes: Write[] = [
    { write: 'deployment', deployment: live, expected: 0 },
    { write: 'check_guard', environment: environment.name, guard: environment.guard },
    ...headWrites(live, head, version.published_by, now),
  ];
  if (answer !== undefined) writes.push({ write: 'answer', answer: answer(firstShown(version, target)) });
  const result = await commitOrUnknown(deps, tenant, writes);
  if (result === 'unknown') return RACE_LOST;
  if (result.committed) return { activated: true, replaced: (head?.digest ?? null) !== null, live };
  const lost = (name: Write['write']) => result.lost.some((index) => writes[index]?.write === name);
  if (lost('answer')) return refuse('conflict', 'a request with this Idempotency-Key is in progress');
  if (lost('check_guard'))
    return refuse('conflict', `${environment.name} was changed meanwhile: publish again`);
  return RACE_LOST;
}

const slotIn = (artifact: string, { name }: Environment) =>
  ({ subject: { kind: 'artifact', name: artifact }, environment: name }) as const;

const firstShown = (version: ArtifactVersion, { environment, place }: Target): ShownVersion => ({
  version,
  environments: [environment.name],
  reference: `${placeText(place)}@${version.digest}`,
});

function otherContent({ label, artifact, digest }: ArtifactVersion): Refusal {
  return refuse('tag_exists', `version ${label} of ${artifact} is ${digest} and does not change`, { digest });
}

/** The record that a published version is live. */
function deploymentOf(version: ArtifactVersion, environment: Environment, now: string): Deployment {
  const { artifact, digest, label, published_by, deployment_id } = version;
  return {
    id: deployment_id,
    subject: { kind: 'artifact', name: artifact },
    digest,
    ...within(environment),
    version_label: label,
    status: 'DEPLOYED',
    deployed_at: now,
    completed_at: now,
    live_at: now,
    recorded: true,
    recorded_by: published_by,
    metrics: {},
    details: {},
    created_at: now,
    version: 1,
  };
}
