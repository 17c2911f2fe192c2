import { type Place, placeText } from '../../../domain/artifact/place.ts';
import { ARTIFACT_SETTINGS } from '../../../domain/artifact/settings.ts';
import { latestTag, rollbackTag, versionTag } from '../../../domain/artifact/tags.ts';
import type { Environment } from '../../../domain/catalog/environment.ts';
import { findEnvironment } from '../../../domain/catalog/pipeline.ts';
import type { Digest } from '../../../domain/digest.ts';
import { addDuration } from '../../../domain/instant.ts';
import type { Json } from '../../../domain/jcs.ts';
import type { ArtifactAsked, InStatus } from '../../../domain/promotion/state.ts';
import { isRefusal } from '../../../domain/refusal.ts';
import type { DeployOutcome } from '../../../ports/gateway-driver.ts';
import {
  isRegistryFault,
  REGISTRY_FAULTS,
  RegistryFault,
  type Repository,
  type StoredManifest,
} from '../../../ports/registry.ts';
import { aloneIn } from '../../artifacts/alone.ts';
import { isSet, moveTag, setTag } from '../../artifacts/tagging.ts';
import type { EffectDeps } from '../kind.ts';
import { COPYING, type Copied, copyGraph } from './copy-graph.ts';
import type { assertSignaturesMatch } from './match-signatures.ts';
import { placesOf } from './places.ts';
import { artifactAsked } from './slot.ts';
import { assertWithinLimits } from './within-limits.ts';

type Executing = InStatus<'executing'>;

/** A repository that content goes to, and what became of it there. */
type Target = {
  readonly place: Place;
  readonly repository: Repository;
  copied?: Copied;
  fault?: RegistryFault;
};

/**
 * Brings the sealed digest to every registry of the target and gives it the environment's tags: what is copied is read back first, then
 * the tags that never move are set, and the latest tags move last, that of the environment's own registry at the very end. Doing it again
 * goes on where it stopped. `unfinished` when the time of this call is up. What a registry refuses leaves the latest tags as they were.
 */
export async function apply(deps: EffectDeps, state: Executing): Promise<DeployOutcome> {
  const work = await workOf(deps, state);
  if ('outcome' in work) return work;
  try {
    const manifest = await verified(work);
    if (state.type !== 'rollback') await assertWithinLimits(work.source, manifest, work.targets);
    if (!(await copyAll(deps, state, work))) {
      return { outcome: 'unfinished', message: 'the copy goes on', details: detailsOf(work) };
    }
    await tagAll(work, manifest);
    return { outcome: 'live', details: detailsOf(work) };
  } catch (error) {
    if (!isRegistryFault(error)) throw error;
    return await failed(deps, state, work, error);
  }
}

type Work = {
  readonly digest: Digest;
  readonly base: Digest | null;
  readonly source: Repository;
  /** The tag by which the source environment holds the digest; a rollback needs none. */
  readonly sourceTag: string | undefined;
  readonly tag: string;
  readonly latest: string;
  readonly targets: readonly Target[];
  /** A copy is verified by its signatures too. */
  readonly matchesSignatures: boolean;
  /** Set before the first latest tag may move. */
  moving: boolean;
};

async function workOf(deps: EffectDeps, state: Executing): Promise<Work | DeployOutcome> {
  const { tenant, seal, source_environment, target_environment } = state;
  const request = artifactAsked(state.request);
  const [environments, settings] = await Promise.all([
    deps.catalog.all(tenant, 'environment'),
    deps.catalog.item(tenant, 'artifact_settings', ARTIFACT_SETTINGS),
  ]);
  const source = findEnvironment(environments, source_environment);
  const target = findEnvironment(environments, target_environment);
  if (source === undefined || target === undefined) {
    return { outcome: 'unknown', message: 'an environment was removed' };
  }
  const places = await placesOf(deps, tenant, request, { source, target });
  if (isRefusal(places)) return { outcome: 'unknown', message: places.detail };
  // Exactly what was approved: a registry that was added or moved since is another promotion's.
  const sealed = seal.plan.change_set.filter(({ key }) => key.startsWith('registry/')).map(({ to }) => to);
  const now = places.to.map(placeText);
  if (now.length !== sealed.length || now.some((text) => !sealed.includes(text))) {
    return refused('registries_changed', 'The registries of the target are not those that were approved.', [
      `approved: ${sealed.join(', ')}; now: ${now.join(', ')}`,
    ]);
  }
  const label = seal.plan.source.version_label ?? request.version;
  return {
    digest: seal.plan.source.digest,
    base: seal.plan.base.digest,
    source: repositoryOf(deps, tenant, places.from),
    sourceTag: request.rollback === undefined ? versionTag(label, source) : undefined,
    tag: tagOf(request, label, target),
    latest: latestTag(target),
    moving: false,
    matchesSignatures: settings?.verification === 'signature_match',
    targets: places.to.map((place) => ({ place, repository: repositoryOf(deps, tenant, place) })),
  };
}

const tagOf = ({ rollback }: ArtifactAsked, label: string, target: Environment): string =>
  rollback === undefined ? versionTag(label, target) : rollbackTag(label, target);

const repositoryOf = (deps: EffectDeps, tenant: string, { registry, path }: Place): Repository =>
  deps.registries.repository(tenant, registry, path);

/** The sealed content, as the source still holds it: under its digest, and under the tag that never moves. */
async function verified({ source, sourceTag, digest }: Work): Promise<StoredManifest> {
  if (sourceTag !== undefined && !(await isSet(source, sourceTag, { digest }))) {
    throw new RegistryFault(
      'registry_refused',
      `${source.name}:${sourceTag} is gone: somebody removed the tag`,
    );
  }
  const manifest = await source.readManifest(digest);
  if (manifest !== undefined) return manifest;
  throw new RegistryFault('registry_refused', `${source.name} no longer has ${digest}, which was approved`);
}

/** Copies to every target that is not the source itself; a registry that fails keeps no other from its copy. */
async function copyAll(deps: EffectDeps, state: Executing, work: Work): Promise<boolean> {
  const { tenant, type } = state;
  const { source, digest, targets } = work;
  const end = addDuration(deps.clock.now(), `PT${deps.registries.copySeconds}S`);
  const late = () => deps.clock.now() >= end;
  for (const target of targets) {
    const { repository, place: to } = target;
    if (repository.name === source.name) continue;
    try {
      const place = (blob: Digest) => ({ tenant, repository: repository.name, blob });
      target.copied = await copyGraph(
        {
          source,
          target: repository,
          uploads: {
            recall: (blob) => deps.uploads.recall(place(blob)),
            keep: (blob, location) => deps.uploads.keep(place(blob), location, deps.clock.now()),
          },
          alone: aloneIn(deps, tenant, repository),
          ...COPYING,
          late,
          maxBytes: type === 'rollback' ? undefined : to.registry.max_artifact_bytes,
        },
        digest,
      );
      if (!target.copied.done) return false;
      if (work.matchesSignatures) await signaturesMatch(deps, state, { source, target: repository });
    } catch (error) {
      if (!isRegistryFault(error)) throw error;
      target.fault = error;
    }
  }
  const faults = targets.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  // One that lasts says more than one that may pass.
  const fault = faults.find(({ code }) => !REGISTRY_FAULTS[code].retry) ?? faults[0];
  if (fault !== undefined) throw fault;
  return true;
}

/** Loaded where it is asked for. */
const signaturesMatch: typeof assertSignaturesMatch = async (...asked) =>
  (await import('./match-signatures.ts')).assertSignaturesMatch(...asked);

/** First all tags that never move: a registry where one names other content stops everything. The latest tags last. */
async function tagAll(work: Work, manifest: StoredManifest): Promise<void> {
  const { targets, tag, latest } = work;
  for (const target of targets) await inTurn(target, () => isSet(target.repository, tag, manifest));
  for (const target of targets) await inTurn(target, () => setTag(target.repository, tag, manifest));
  work.moving = true;
  for (const target of targets.toReversed()) {
    await inTurn(target, async () => {
      if (await moveTag(target.repository, latest, manifest)) return;
      throw new RegistryFault(
        'registry_unavailable',
        `${target.repository.name}:${latest} is moved by another writer`,
      );
    });
  }
}

async function inTurn(target: Target, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (isRegistryFault(error)) target.fault = error;
    throw error;
  }
}

/**
 * What a fault leaves: one that lasts ends the promotion, with the latest tags put back; one that may pass is tried again. Once the
 * latest tags may have moved, only a registry that answers can say whether they have.
 */
async function failed(
  deps: EffectDeps,
  state: Executing,
  work: Work,
  fault: RegistryFault,
): Promise<DeployOutcome> {
  const details = detailsOf(work);
  const { code, message } = fault;
  const says = `A registry stopped the promotion: ${message}.`;
  const technical = `${code}: ${message}`;
  if (REGISTRY_FAULTS[code].retry) {
    if (work.moving) return { outcome: 'unknown', message: technical, details };
    return { outcome: 'unsent', lasting: false, code, says, message: technical, details };
  }
  try {
    if (work.moving || !(await isFirst(deps, state))) await putBack(work);
  } catch (error) {
    if (!isRegistryFault(error)) throw error;
    return { outcome: 'unknown', message: `${technical}; then ${error.message}`, details };
  }
  return { outcome: 'refused', code, says, message: technical, details };
}

/** Whether no earlier call can have moved a tag: all that were begun have left nothing, but this one. */
async function isFirst(deps: EffectDeps, { tenant, deployment_id }: Executing): Promise<boolean> {
  const attempts = (await deps.deployments.read(tenant, deployment_id))?.attempts;
  return attempts !== undefined && attempts.begun - attempts.unsent === 1;
}

/** Latest tags that this promotion has moved name again what they named: the head has not moved. */
async function putBack({ targets, latest, digest, base }: Work): Promise<void> {
  if (base === null || base === digest) return;
  for (const { repository } of targets) {
    if ((await repository.resolve(latest))?.digest !== digest) continue;
    const before = await repository.readManifest(base);
    if (before !== undefined) await moveTag(repository, latest, before);
  }
}

function refused(code: string, says: string, technical: readonly string[]): DeployOutcome {
  return { outcome: 'refused', code, says, message: technical.join('; ') };
}

/** What became of the content in each registry, as the deployment's record keeps it. */
function detailsOf({ source, targets, digest, tag }: Work): { readonly [name: string]: Json } {
  return {
    tag,
    registries: targets.map((target) => ({
      registry: target.place.registry.id,
      repository: placeText(target.place),
      digest,
      status: standingOf(target, source),
      bytes_sent: target.copied?.bytes ?? 0,
      ...(target.fault === undefined ? {} : { error: target.fault.message.slice(0, 300) }),
    })),
  };
}

/** The source has the content from the beginning; another repository that nobody came to yet has not. */
function standingOf({ repository, copied, fault }: Target, source: Repository) {
  if (fault !== undefined) return 'failed';
  if (repository.name === source.name || copied?.done === true) return 'synced';
  return copied === undefined ? 'waiting' : 'copying';
}
