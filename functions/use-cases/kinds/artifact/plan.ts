import { endOfLife } from '../../../domain/artifact/lifecycle.ts';
import { type Place, placeText } from '../../../domain/artifact/place.ts';
import { tooLarge } from '../../../domain/artifact/size-limit.ts';
import { latestTag, rollbackTag, versionTag } from '../../../domain/artifact/tags.ts';
import type { ArtifactVersion } from '../../../domain/artifact/version.ts';
import type { Environment } from '../../../domain/catalog/environment.ts';
import { checkHop } from '../../../domain/catalog/hop.ts';
import { findEnvironment, sourceBefore } from '../../../domain/catalog/pipeline.ts';
import type { ConditionFacts } from '../../../domain/conditions/condition.ts';
import type { Deployment } from '../../../domain/deployment/deployment.ts';
import { digest } from '../../../domain/digest.ts';
import { Fault } from '../../../domain/faults.ts';
import { autoPromotionFacts } from '../../../domain/policy/auto-promotion.ts';
import { emptyHead, slotText } from '../../../domain/promotion/head.ts';
import type { Change, Plan } from '../../../domain/promotion/manifest.ts';
import type { ArtifactAsked } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Head } from '../../../domain/subject.ts';
import type { KindDeps, PlanInput, Planned } from '../kind.ts';
import { targetHead } from '../target-head.ts';
import { placesOf } from './places.ts';
import { planBroughtBack } from './plan-brought-back.ts';
import { artifactAsked, broughtBack, slotOf } from './slot.ts';
import { undoneBy } from './undone.ts';

type Hop = { readonly source: Environment; readonly target: Environment };

/**
 * A version of an artifact from the environment where it is active to the next, or back to one that its environment had. The content is
 * sealed by its digest; which version it replaces, under which tags and in which repositories is part of what is approved.
 */
export async function plan(deps: KindDeps, input: PlanInput): Promise<Planned | Refusal> {
  const { tenant, now, sealed } = input;
  const request = artifactAsked(input.request);
  const hop = hopOf(input, request);
  if (isRefusal(hop)) return hop;
  const { source, target } = hop;
  if (broughtBack(request) !== undefined) return planBroughtBack(deps, input, target);
  const version = await deps.versions.read(tenant, request.artifact, request.version);
  if (version === undefined) {
    return refuse('not_found', `there is no version ${request.version} of ${request.artifact}`, {
      field: 'version',
    });
  }
  const ended =
    request.rollback === undefined ? endOfLife(version, request.acknowledge_eol ?? false, now) : undefined;
  if (ended !== undefined) return ended;
  const [from, { there, sure }, places] = await Promise.all([
    deps.heads.read(tenant, slotOf(request, source.name)),
    targetHead(deps, tenant, slotOf(request, target.name), sealed),
    placesOf(deps, tenant, request, hop),
  ]);
  if (isRefusal(places)) return places;
  const oversized = sealed === undefined ? beyondLimit(request, version, places.to) : undefined;
  if (oversized !== undefined) return oversized;
  const running = await runningOf(deps, tenant, from);
  await sure;
  const misplaced =
    sealed === undefined ? notActive(request, version, { source, from, running, there }) : undefined;
  if (misplaced !== undefined) return misplaced;
  const slot = slotOf(request, target.name);
  const head = there ?? emptyHead(slot, now);
  const replaced = source.name === target.name ? running : await runningOf(deps, tenant, there);
  const change_set = changesOf(request, version, { head, replaced, target, ...places });
  const undoes = await undoneBy(deps, tenant, request, target.name);
  if (undoes !== undefined && isRefusal(undoes)) return undoes;
  return {
    subject: slot.subject,
    source_environment: source.name,
    target,
    slot,
    place: target.name,
    plan: {
      source: sealed?.source ?? sourceOf(request, version, source, running),
      base: { digest: head.digest, version: head.version },
      change_set_digest: digest('sluice/change-set/v1', change_set),
      change_set,
    },
    head,
    conditions: factsOf(running, version, now),
    outside: true,
    ...(undoes === undefined ? {} : { undoes }),
  };
}

/** The environments a request goes between. A rollback stays where it is. */
function hopOf(input: PlanInput, { rollback }: ArtifactAsked): Hop | Refusal {
  const { environments, target_environment, source_environment } = input;
  const target = findEnvironment(environments, target_environment);
  if (target !== undefined && rollback !== undefined) return { source: target, target };
  const source =
    source_environment === undefined
      ? sourceBefore(environments, target?.name ?? '')
      : findEnvironment(environments, source_environment);
  const refusal = checkHop(environments, source_environment ?? source?.name, target_environment);
  if (refusal !== undefined) return refusal;
  if (source === undefined || target === undefined) throw new Fault('Corrupt', 'an environment vanished');
  return { source, target };
}

/** What is known to be too large for a registry that it would go to. What was there before goes back whatever the limit has become. */
function beyondLimit(
  { rollback }: ArtifactAsked,
  { artifact, label, content_bytes = 0 }: ArtifactVersion,
  to: readonly Place[],
): Refusal | undefined {
  if (rollback !== undefined) return undefined;
  return to
    .map(({ registry }) => tooLarge(`${label} of ${artifact}`, content_bytes, registry))
    .find((refusal) => refusal !== undefined);
}

type Found = {
  readonly source: Environment;
  readonly from: Head | undefined;
  readonly running: Deployment | undefined;
  readonly there: Head | undefined;
};

/** Asked of what is not sealed yet: what is sealed was active when it was asked for. */
function notActive(
  { artifact, rollback }: ArtifactAsked,
  version: ArtifactVersion,
  { source, from, running, there }: Found,
): Refusal | undefined {
  if (there?.digest === version.digest && rollback !== undefined) {
    return refuse('nothing_to_promote', `${version.label} of ${artifact} is active in ${source.name}`);
  }
  if (rollback !== undefined || from?.digest === version.digest) return undefined;
  const active = running?.version_label ?? null;
  return refuse(
    'source_not_deployed',
    `${version.label} of ${artifact} is not active in ${source.name}: ${active ?? 'nothing'} is`,
    { field: 'version', active, environment: source.name },
  );
}

async function runningOf(
  deps: Pick<KindDeps, 'deployments'>,
  tenant: string,
  head: Head | undefined,
): Promise<Deployment | undefined> {
  return head?.deployment_id === undefined
    ? undefined
    : await deps.deployments.read(tenant, head.deployment_id);
}

function sourceOf(
  { rollback }: ArtifactAsked,
  { digest: content, label }: ArtifactVersion,
  { name }: Environment,
  running: Deployment | undefined,
): Plan['source'] {
  const source = { environment: name, digest: content, version_label: label };
  if (rollback !== undefined) return { ...source, recorded: false, revision: rollback.revision };
  return {
    ...source,
    ...(running === undefined ? {} : { deployment_id: running.id }),
    recorded: running?.recorded ?? false,
  };
}

/** What people approve: another digest under other tags, in each of these repositories. */
function changesOf(
  request: ArtifactAsked,
  { digest: content, label }: ArtifactVersion,
  {
    head,
    replaced,
    target,
    from,
    to,
  }: {
    readonly head: Head;
    readonly replaced: Deployment | undefined;
    readonly target: Environment;
    readonly from: Place;
    readonly to: readonly Place[];
  },
): readonly Change[] {
  const tag = request.rollback === undefined ? versionTag(label, target) : rollbackTag(label, target);
  return [
    { key: slotText(slotOf(request, target.name)), from: head.digest, to: content },
    { key: 'version', from: replaced?.version_label ?? null, to: label },
    { key: 'tags', from: null, to: `${tag}, ${latestTag(target)}` },
    ...to.map((place) => ({
      key: `registry/${place.registry.id}`,
      from: placeText(from),
      to: placeText(place),
    })),
  ];
}

/** How long the version has been live where it comes from, for soak gates; nothing once something else runs there. */
function factsOf(running: Deployment | undefined, version: ArtifactVersion, now: string): ConditionFacts {
  if (running?.digest === version.digest) return autoPromotionFacts(running, now);
  const { artifact: name, digest: content, label } = version;
  return { artifact: { kind: 'artifact', name, digest: content, version: label } };
}
