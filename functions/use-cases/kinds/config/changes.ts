import type { Environment } from '../../../domain/catalog/environment.ts';
import { type ChangeSummary, NO_CHANGES, summarize } from '../../../domain/config-tree/change-summary.ts';
import { type Change, collectDiff } from '../../../domain/config-tree/diff.ts';
import { mergeChanges } from '../../../domain/config-tree/merge.ts';
import { type Body, sameBody } from '../../../domain/config-tree/node.ts';
import type { Nodes } from '../../../domain/config-tree/nodes.ts';
import { planPromotion, type Scope } from '../../../domain/config-tree/promote.ts';
import { getBodies } from '../../../domain/config-tree/scan.ts';
import { entryOfTreeKey } from '../../../domain/config-tree/tree-key.ts';
import { type Digest, digestOfBytes, listDigest } from '../../../domain/digest.ts';
import type { TreePlan } from '../../../domain/promotion/manifest.ts';
import type { ConfigAsked } from '../../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Head } from '../../../domain/subject.ts';
import { nodesOf, rootOf } from '../../config/tree.ts';
import type { KindDeps, PlanInput } from '../kind.ts';
import { type Selected, scopeOf, selectedBy, selectsAny, unmatchedIn } from './selection.ts';

export type ChangeSet = { readonly tree: TreePlan; readonly change_set_digest: Digest };

/** Conflicting keys that an answer names. */
const NAMED = 20;

type What = {
  readonly request: ConfigAsked;
  readonly root: Digest;
  readonly head: Head;
  readonly target: Environment;
};

/**
 * What taking the source to the target changes. The change set that was sealed stands while none of its keys has changed in the target to
 * something else than wanted; otherwise it is made anew on the target as it is, and names those keys. Refuses `nothing_to_promote`, and
 * `target_moved` where a rollback cannot be made anew.
 */
export async function planChanges(
  deps: Pick<KindDeps, 'nodes'>,
  { tenant, sealed }: PlanInput,
  { request, root, head, target }: What,
): Promise<ChangeSet | Refusal> {
  const nodes = nodesOf(deps, tenant);
  const selected = selectedBy(tenant, request);
  const now = rootOf(head);
  const owned = ownedBy(target, request);
  const scope = scopeOf(request, selected.selection, owned);
  const { rollback } = request;
  const reverted = rollback?.mode === 'revert' ? rollback.from : undefined;
  // A restore leaves nothing of what came since: on a target that moved it is another change set, never a merge.
  const origin = rollback?.mode === 'restore' ? now : (sealed?.tree?.origin ?? reverted ?? now);
  if (origin === now && reverted === undefined && selected.named.length === 0) {
    const sum = await summed(nodes, origin, root, scope);
    const none = sum.summary.keys.length === 0 && sealed === undefined;
    if (none) return await nothing(nodes, [root, now], { selected, scope, origin, unmatched: [] });
    return changeSetOf(sum, { origin, owned });
  }
  const changes = await changesOf(nodes, origin, root, scope);
  const conflicts = origin === now ? [] : await conflictsWith(nodes, origin, now, changes);
  if (reverted !== undefined && sealed === undefined && (await areMade(nodes, now, changes))) {
    return refuse('nothing_to_promote', 'all of it is undone already', { reason: 'already_undone' });
  }
  const changed = changes.map(({ key }) => key);
  const unmatched = await unmatchedIn(nodes, { tenant, roots: [root, now], changed }, selected.named);
  if (conflicts.length === 0) {
    if (changes.length === 0 && sealed === undefined)
      return await nothing(nodes, [root, now], { selected, scope, origin, unmatched });
    return changeSetOf(sumOf(changes), { origin, owned, unmatched });
  }
  const keys = conflicts.slice(0, NAMED);
  if (reverted !== undefined) {
    return refuse('target_moved', `changed again since: ${keys.join(', ')}`, { conflicts: keys });
  }
  return changeSetOf(await summed(nodes, now, root, scope), {
    origin: now,
    owned,
    unmatched,
    conflicts: keys,
  });
}

/** The patterns of keys that a request may not touch: what an environment held before is given back to it with its own keys. */
export function ownedBy(target: Environment, request: ConfigAsked): readonly string[] {
  return request.rollback === undefined ? target.owned_keys : [];
}

/** All changes within a scope; an approved change set is what a person has looked through, so it fits in memory. */
export async function changesOf(
  nodes: Nodes,
  origin: Digest,
  source: Digest,
  scope: Scope,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for await (const batch of planPromotion(nodes, origin, source, scope))
    for (const change of batch.changes) changes.push(change);
  return changes;
}

/** Whether a tree holds what changes lead to already. */
async function areMade(nodes: Nodes, root: Digest, changes: readonly Change[]): Promise<boolean> {
  const there = await getBodies(
    nodes,
    root,
    changes.map(({ key }) => key),
  );
  return changes.every(({ key, after }) => {
    const body = there.get(key);
    return after === null || body === undefined
      ? after === null && body === undefined
      : sameBody(after, body);
  });
}

async function conflictsWith(
  nodes: Nodes,
  origin: Digest,
  now: Digest,
  changes: readonly Change[],
): Promise<readonly string[]> {
  const { conflicts } = mergeChanges(changes, await collectDiff(nodes, origin, now));
  return conflicts.map(({ key }) => entryOfTreeKey(key).key);
}

/** What a seal keeps of changes. */
type Sum = { readonly summary: ChangeSummary; readonly change_set_digest: Digest };

/** The sum of all changes within a scope, which are read and let go leaf by leaf: a million first entries fit in no function. */
async function summed(nodes: Nodes, origin: Digest, source: Digest, scope: Scope): Promise<Sum> {
  const sum = summing();
  for await (const { changes } of planPromotion(nodes, origin, source, scope)) changes.forEach(sum.add);
  return sum.done();
}

function sumOf(changes: readonly Change[]): Sum {
  const sum = summing();
  changes.forEach(sum.add);
  return sum.done();
}

function summing(): { add(change: Change): void; done(): Sum } {
  const digest = listDigest('sluice/change-set/v1');
  let summary = NO_CHANGES;
  return {
    add(change) {
      const { key, before, after } = change;
      summary = summarize(summary, change);
      digest.add([key, markOf(before), markOf(after)]);
    },
    done: () => ({ summary, change_set_digest: digest.done() }),
  };
}

function changeSetOf(
  { summary, change_set_digest }: Sum,
  { origin, owned, conflicts, unmatched }: Omit<TreePlan, 'summary'>,
): ChangeSet {
  return {
    change_set_digest,
    tree: {
      origin,
      owned,
      summary,
      ...(conflicts === undefined ? {} : { conflicts }),
      ...(unmatched === undefined || unmatched.length === 0 ? {} : { unmatched }),
    },
  };
}

/** A body in the digest of a change set: its own digest, or that of its parts. */
function markOf(body: Body | null): string | null {
  if (body === null) return null;
  return 'inline' in body ? digestOfBytes(body.inline) : `${body.size} ${body.parts.join(' ')}`;
}

/** Why there is nothing to promote, in words that help. */
async function nothing(
  nodes: Nodes,
  roots: readonly Digest[],
  {
    selected,
    scope,
    origin,
    unmatched,
  }: {
    readonly selected: Selected;
    readonly scope: Scope;
    readonly origin: Digest;
    readonly unmatched: readonly string[];
  },
): Promise<Refusal> {
  const no = (reason: string, detail: string) =>
    refuse('nothing_to_promote', detail, { reason, ...(unmatched.length === 0 ? {} : { unmatched }) });
  if (!(await selectsAny(nodes, roots, selected.selection)))
    return no('no_matching_key', 'no config or flag of either environment is selected');
  const [root = origin] = roots;
  let [owned, kept] = [0, 0];
  for await (const batch of planPromotion(nodes, origin, root, scope)) {
    owned += batch.owned.length;
    kept += batch.kept.length;
  }
  if (owned + kept === 0) return no('already_there', 'the target has all of it already');
  if (kept === 0) return no('owned_by_target', 'all that differs belongs to the target');
  return no('only_missing_in_source', 'all that differs is missing in the source: `prune` deletes it');
}
