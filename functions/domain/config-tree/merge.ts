import type { Change } from './diff.ts';
import type { Edit } from './edit.ts';
import type { Body } from './node.ts';
import { sameBody } from './node.ts';

/** What merging one list of changes into a tree that has changed otherwise comes to. */
export type Merged = {
  /** Still to be made, with `before` as it now is. */
  readonly changes: readonly Change[];
  /** Keys that are already as wanted. */
  readonly agreed: readonly string[];
  /** Keys that changed since to something else than wanted: nothing may be made while there is one. */
  readonly conflicts: readonly Conflict[];
};

export type Conflict = {
  readonly key: string;
  readonly base: Body | null;
  readonly wanted: Body | null;
  readonly found: Body | null;
};

/** Three-way merge by key: `wanted` and `drift` are changes of one base, each with a key at most once. */
export function mergeChanges(wanted: readonly Change[], drift: readonly Change[]): Merged {
  const drifted = new Map(drift.map((change) => [change.key, change]));
  const changes: Change[] = [];
  const agreed: string[] = [];
  const conflicts: Conflict[] = [];
  for (const change of wanted) {
    const other = drifted.get(change.key);
    if (other === undefined) changes.push(change);
    else if (sameState(other.after, change.after)) agreed.push(change.key);
    else {
      conflicts.push({
        key: change.key,
        base: change.before,
        wanted: change.after,
        found: other.after,
      });
    }
  }
  return { changes, agreed, conflicts };
}

/** The changes that take these back: applied to the result they give the old root. */
export function invertChanges(changes: readonly Change[]): readonly Change[] {
  return changes.map(({ key, before, after }) => ({ key, before: after, after: before }));
}

/** Changes as edits. Bodies in parts refer to part nodes that a tree with `after` has already. */
export function editsOf(changes: readonly Change[]): readonly Edit[] {
  return changes.map(({ key, after }) => ({ key, body: after }));
}

function sameState(a: Body | null, b: Body | null): boolean {
  if (a === null || b === null) return a === b;
  return sameBody(a, b);
}
