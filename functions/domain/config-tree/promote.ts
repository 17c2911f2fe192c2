import type { Digest } from '../digest.ts';
import type { Boundary } from './boundary.ts';
import type { Change } from './diff.ts';
import { collectDiff, diffTrees } from './diff.ts';
import type { Edited } from './edit.ts';
import { applyEdits } from './edit.ts';
import { EMPTY_ROOT } from './empty.ts';
import type { Merged } from './merge.ts';
import { editsOf, mergeChanges } from './merge.ts';
import type { Nodes } from './nodes.ts';
import { countEntries } from './scan.ts';
import type { Selection } from './selection.ts';
import { EVERYTHING } from './selection.ts';

/** What to take from a source: which keys, which of them belong to the target, and whether to delete what the source has not. */
export type Scope = {
  readonly selection: Selection;
  readonly owned: Selection;
  readonly prune: boolean;
};

/** A batch of a plan. `owned` differ but belong to the target; `kept` are missing in the source and stay without `prune`. */
export type PlanBatch = {
  readonly changes: readonly Change[];
  readonly owned: readonly Change[];
  readonly kept: readonly Change[];
};

/** What promoting from `source` would change in `base`, in order of keys; `window` leaves are read at once. */
export async function* planPromotion(
  nodes: Nodes,
  base: Digest,
  source: Digest,
  scope: Scope,
  window?: number,
): AsyncGenerator<PlanBatch> {
  for await (const batch of diffTrees(nodes, base, source, scope.selection.ranges, window)) {
    const changes: Change[] = [];
    const owned: Change[] = [];
    const kept: Change[] = [];
    for (const change of batch) {
      if (!scope.selection.matches(change.key)) continue;
      if (scope.owned.matches(change.key)) owned.push(change);
      else if (change.after === null && !scope.prune) kept.push(change);
      else changes.push(change);
    }
    if (changes.length + owned.length + kept.length > 0) yield { changes, owned, kept };
  }
}

/** The merged tree, or the conflicts that forbid it. `nodes` leaves out what the source or the target has. */
export type Promoted = { readonly merged: Merged; readonly tree?: Edited };

/**
 * Makes planned changes of `base` in `target`, which may have moved on: changes of other keys merge. The new nodes leave out nodes that
 * `nodes` has read: the roots they were read below must be kept until the new root is.
 */
export async function promoteChanges(
  nodes: Nodes,
  base: Digest,
  target: Digest,
  changes: readonly Change[],
  boundary: Boundary,
): Promise<Promoted> {
  const merged = mergeChanges(changes, await collectDiff(nodes, base, target));
  if (merged.conflicts.length > 0) return { merged };
  const edited = await applyEdits(nodes, target, editsOf(merged.changes), boundary);
  return { merged, tree: { ...edited, nodes: edited.nodes.filter(({ id }) => !nodes.seen(id)) } };
}

/**
 * The tree that promoting everything gives without reading it: the source itself, when nothing of the target may stay, or nothing is
 * there, and the target is what the plan saw. `undefined` when the changes have to be made one by one.
 */
export function wholeSource(base: Digest, target: Digest, source: Digest, scope: Scope): Digest | undefined {
  const bare = scope.prune || base === EMPTY_ROOT;
  const whole = scope.selection === EVERYTHING && bare && scope.owned.ranges.length === 0;
  return whole && base === target ? source : undefined;
}

/** Three-way merge of whole trees: plan from `base` to `source`, then make it in `target`. */
export async function mergeTrees(
  nodes: Nodes,
  roots: { readonly base: Digest; readonly source: Digest; readonly target: Digest },
  scope: Scope,
  boundary: Boundary,
): Promise<Promoted> {
  const { base, source, target } = roots;
  const root = wholeSource(base, target, source, scope);
  if (root !== undefined) {
    const tree = { root, count: await countEntries(nodes, root), nodes: [] };
    return { merged: { changes: [], agreed: [], conflicts: [] }, tree };
  }
  const changes: Change[] = [];
  for await (const batch of planPromotion(nodes, base, source, scope)) {
    for (const change of batch.changes) changes.push(change);
  }
  return promoteChanges(nodes, base, target, changes, boundary);
}
