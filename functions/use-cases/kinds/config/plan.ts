import type { Environment } from '../../../domain/catalog/environment.ts';
import { checkHop } from '../../../domain/catalog/hop.ts';
import { findEnvironment, sourceBefore } from '../../../domain/catalog/pipeline.ts';
import type { ConditionFacts } from '../../../domain/conditions/condition.ts';
import type { Digest } from '../../../domain/digest.ts';
import { Fault } from '../../../domain/faults.ts';
import { hoursBetween } from '../../../domain/instant.ts';
import { canonicalJson } from '../../../domain/jcs.ts';
import { emptyHead } from '../../../domain/promotion/head.ts';
import type { Plan } from '../../../domain/promotion/manifest.ts';
import type { ConfigAsked } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Head } from '../../../domain/subject.ts';
import { CONFIG, slotIn } from '../../config/slot.ts';
import { headOf } from '../../config/tree.ts';
import type { KindDeps, PlanInput, Planned, Undone } from '../kind.ts';
import { targetHead } from '../target-head.ts';
import { configAsked } from './asked.ts';
import { type ChangeSet, ownedBy, planChanges } from './changes.ts';
import { undoneBy } from './undone.ts';

type Hop = { readonly source: string; readonly target: Environment };

/** Plans what one environment takes from another, or goes back to. */
export async function plan(deps: KindDeps, input: PlanInput): Promise<Planned | Refusal> {
  const { tenant, now, sealed } = input;
  const request = configAsked(input.request);
  const hop = hopOf(input, request);
  if (isRefusal(hop)) return hop;
  const { source, target } = hop;
  const [{ there, sure }, other, undoes] = await Promise.all([
    targetHead(deps, tenant, slotIn(target.name), sealed),
    source === target.name ? undefined : headOf(deps, tenant, source, now),
    undoneBy(deps, tenant, request, target.name),
  ]);
  const head = there ?? emptyHead(slotIn(target.name), now);
  const from = other ?? head;
  const taken = takenFrom(from, input, request);
  if (isRefusal(taken)) return taken;
  const { root, revision } = taken;
  const planned =
    standing(sealed, head, ownedBy(target, request)) ??
    (await planChanges(deps, input, { request, root, head, target }));
  await sure;
  if (isRefusal(planned)) return planned;
  const { tree, change_set_digest } = planned;
  const numbered = revision === undefined ? {} : { revision };
  const since = head.received?.environment === source ? { since: head.received.revision } : {};
  if (undoes !== undefined && isRefusal(undoes)) return undoes;
  return {
    subject: CONFIG,
    source_environment: source,
    target,
    slot: slotIn(target.name),
    // Two selections of one source are two promotions.
    place: `${target.name}.${change_set_digest.slice('sha256:'.length, 'sha256:'.length + 16)}`,
    plan: {
      source: { environment: source, digest: root, recorded: false, ...numbered, ...since },
      base: { digest: head.digest, version: head.version },
      change_set_digest,
      change_set: [],
      tree,
    },
    head,
    conditions: {
      config: { ...tree.summary, keys: [...tree.summary.keys] },
      deployment: lifeOf(from, root, now),
    },
    outside: false,
    ...(undoes === undefined ? {} : { undoes }),
    ...receivedBy(request, { source, revision, undoes }),
  };
}

/** The environments a request goes between. A rollback stays where it is. */
function hopOf(input: PlanInput, request: ConfigAsked): Hop | Refusal {
  const { environments, target_environment, source_environment } = input;
  const target = findEnvironment(environments, target_environment);
  if (target !== undefined && request.rollback !== undefined) return { source: target.name, target };
  const before =
    source_environment === undefined && target !== undefined
      ? sourceBefore(environments, target.name)
      : findEnvironment(environments, source_environment ?? '');
  const refusal = checkHop(environments, source_environment ?? before?.name, target_environment);
  if (refusal !== undefined) return refusal;
  if (before === undefined || target === undefined) throw new Fault('Corrupt', 'an environment vanished');
  return { source: before.name, target };
}

/** A root, and the number of its revision; seals and rollbacks of old name none. */
type Taken = { readonly root: Digest; readonly revision: number | undefined };

/** What is promoted: what was sealed, what is gone back to, or what the source holds now. */
function takenFrom(from: Head, { sealed }: PlanInput, { rollback }: ConfigAsked): Taken | Refusal {
  if (rollback !== undefined) return { root: rollback.to, revision: rollback.revision };
  if (sealed !== undefined) return { root: sealed.source.digest, revision: sealed.source.revision };
  if (from.digest !== null) return { root: from.digest, revision: from.revision };
  return refuse('nothing_to_promote', `${from.slot.environment} has no configuration`, {
    reason: 'empty_source',
  });
}

/**
 * Exact hours that a root has been the source's configuration, for soak gates; absent where it is not any more. A claim that came to
 * nothing begins them anew.
 */
function lifeOf({ digest, updated_at }: Head, root: Digest, now: string): ConditionFacts {
  const hours = hoursBetween(updated_at, now);
  return digest === root && hours >= 0 ? { duration_hours: hours } : {};
}

/** The sealed change set, while the target is what it was made on: nothing has to be read. */
function standing(sealed: Plan | undefined, head: Head, owned: readonly string[]): ChangeSet | undefined {
  if (sealed?.tree === undefined || sealed.base.digest !== head.digest) return undefined;
  if (canonicalJson(sealed.tree.owned) !== canonicalJson(owned)) return undefined;
  return { tree: sealed.tree, change_set_digest: sealed.change_set_digest };
}

/**
 * What the target has received in whole once this is executed: a part of the source says nothing of the rest, and what is taken back leaves
 * what was received before it.
 */
function receivedBy(
  { rollback, selects }: ConfigAsked,
  { source, revision, undoes }: { source: string; revision: number | undefined; undoes: Undone | undefined },
): Pick<Planned, 'received'> {
  if (rollback !== undefined) {
    const undone = undoes?.promotions[0]?.seal.plan.source;
    const received =
      undone?.since === undefined ? null : { environment: undone.environment, revision: undone.since };
    return { received };
  }
  if (selects !== 'FULL' || revision === undefined) return {};
  return { received: { environment: source, revision } };
}
