import type { Digest } from '../digest.ts';
import type { Boundary } from './boundary.ts';
import type { LevelKind } from './level-kind.ts';
import { branchLevel, LEAF_LEVEL } from './level-kind.ts';
import type { Body, Child, LeafItem, NewNode, Tree } from './node.ts';
import type { Nodes } from './nodes.ts';
import type { Top } from './paths.ts';
import { readPaths, readTop } from './paths.ts';
import type { LevelEdit, Rechunked } from './rechunk.ts';
import { rechunk } from './rechunk.ts';
import { Fresh, settleRoot } from './settle-root.ts';
import { compareKeys } from './tree-key.ts';

/** What becomes of one key: its new body (`parts`: the part nodes that this body needs, `bodyOf`), or nothing. */
export type Edit = {
  readonly key: string;
  readonly body: Body | null;
  readonly parts?: readonly NewNode[];
};

/** The edited tree and the nodes that it has and the old one has not. */
export type Edited = Tree & { readonly nodes: readonly NewNode[] };

/** Edits whose nodes are held at once: bounds memory, whatever the size of the batch. */
const WINDOW = 1024;

/**
 * Makes edits in any order (of several for one key the last counts). The root is the one that building from the resulting entries gives.
 * Reads the nodes on the paths, level by level, and few more. `parts` of edits are passed on.
 */
export async function applyEdits(
  nodes: Nodes,
  root: Digest,
  edits: Iterable<Edit>,
  boundary: Boundary,
): Promise<Edited> {
  const fresh: NewNode[] = [];
  const stream = streamEdits(nodes, root, edits, boundary);
  for (;;) {
    const step = await stream.next();
    if (step.done) return { ...step.value, nodes: fresh };
    fresh.push(...step.value);
  }
}

/** `applyEdits` that hands out the new nodes as they come, for batches whose nodes one would not hold at once. */
export async function* streamEdits(
  nodes: Nodes,
  root: Digest,
  edits: Iterable<Edit>,
  boundary: Boundary,
): AsyncGenerator<readonly NewNode[], Tree> {
  const wanted = [...new Map(Array.from(edits, (edit) => [edit.key, edit])).values()];
  wanted.sort((a, b) => compareKeys(a.key, b.key));
  yield wanted.flatMap(({ parts = [] }) => parts);
  const top = await readTop(nodes, root);
  const fresh = new Fresh();
  let children = yield* cutAgain(LEAF_LEVEL, nodes, top, wanted.map(leafEdit), boundary, fresh);
  for (let level = 1; level <= top.level && children.length > 0; level += 1) {
    children = yield* cutAgain(branchLevel(level), nodes, top, children, boundary, fresh);
  }
  if (children.length === 0) return { root, count: top.child.count };
  const settled = await settleRoot(
    nodes,
    top,
    children.flatMap(({ item }) => item ?? []),
    boundary,
    fresh,
  );
  yield settled.nodes;
  return { root: settled.root, count: settled.count };
}

function leafEdit({ key, body }: Edit): LevelEdit<LeafItem> {
  return { key, item: body === null ? null : { key, body } };
}

/** Makes the edits of one level; yields its new nodes and returns the edits of the level above. */
async function* cutAgain<Item extends { readonly key: string }>(
  kind: LevelKind<Item>,
  nodes: Nodes,
  top: Top,
  edits: readonly LevelEdit<Item>[],
  boundary: Boundary,
  fresh: Fresh,
): AsyncGenerator<readonly NewNode[], readonly LevelEdit<Child>[]> {
  const above = new Map<string, LevelEdit<Child>>();
  const same: Child[] = [];
  for (let from = 0; from < edits.length; ) {
    const done = await cutWindow(kind, nodes, top, edits, boundary, from);
    from = done.next;
    const old = new Set(done.removed.map(({ id }) => id));
    const kept = new Set(done.added.map(({ child }) => child.id));
    const added = done.added.filter(({ child }) => !old.has(child.id));
    for (const { child } of done.added) if (old.has(child.id)) same.push(child);
    for (const { key, id } of done.removed) if (!kept.has(id)) above.set(key, { key, item: null });
    for (const { child } of added) above.set(child.key, { key: child.key, item: child });
    yield fresh.take(added, kind.level);
  }
  // Beside the old root nothing knows its nodes: one that ended at a boundary stays the same when keys are put behind it.
  if (kind.level === top.level && above.size > 0) {
    for (const child of same) above.set(child.key, { key: child.key, item: child });
  }
  return [...above.values()].sort((a, b) => compareKeys(a.key, b.key));
}

/** Reads what the window of edits needs, then cuts; nodes beyond the paths are read in rounds, all that are missing at once. */
async function cutWindow<Item extends { readonly key: string }>(
  kind: LevelKind<Item>,
  nodes: Nodes,
  top: Top,
  edits: readonly LevelEdit<Item>[],
  boundary: Boundary,
  from: number,
): Promise<Rechunked> {
  const until = Math.min(from + WINDOW, edits.length);
  const keys = edits.slice(from, until).map(({ key }) => key);
  const loaded = await readPaths(nodes, top, kind.level, keys);
  for (;;) {
    const done = rechunk(kind, boundary, loaded, top, edits, from, until);
    if (done.missing.size === 0) return done;
    for (const [id, node] of await nodes.read([...done.missing])) loaded.set(id, node);
  }
}
