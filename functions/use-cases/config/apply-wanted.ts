import type { Boundary } from '../../domain/config-tree/boundary.ts';
import { type ChangeSummary, NO_CHANGES, summarize } from '../../domain/config-tree/change-summary.ts';
import { applyEdits, type Edit, type Edited } from '../../domain/config-tree/edit.ts';
import { type Entry, itemOfEntry } from '../../domain/config-tree/entry.ts';
import { entryTag } from '../../domain/config-tree/entry-tag.ts';
import type { Keyed } from '../../domain/config-tree/fingerprint.ts';
import { type Body, sameBody } from '../../domain/config-tree/node.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { readEntries } from '../../domain/config-tree/read-entry.ts';
import { getBodies } from '../../domain/config-tree/scan.ts';
import { treeKey } from '../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../domain/digest.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** An edit, with the entry that it sets where its part nodes are not stored yet. */
export type Wanted = Edit & { readonly entry?: Entry };

/** What `sensitive` is at the tree keys where an edit did not say it. */
export type Marks = ReadonlyMap<string, boolean>;

type Applying = {
  readonly boundary: Boundary;
  readonly keyed: Keyed;
  /** Why the entries as they are must not be edited. */
  expected?(before: ReadonlyMap<string, Body>): Refusal | undefined;
};

/** The edited tree; `tags` are those of the entries that were set. */
export type Applied = Edited & {
  readonly summary: ChangeSummary;
  readonly changed: number;
  readonly marks: Marks;
  readonly tags: ReadonlyMap<string, Digest>;
};

/**
 * Makes edits in a tree. An entry that says nothing of `sensitive` keeps the mark that it has: a new value, from a form or a file, never
 * makes a sensitive key readable. `changed` and `summary` count what is not as it was.
 */
export async function applyWanted(
  nodes: Nodes,
  root: Digest,
  edits: readonly Wanted[],
  { boundary, keyed, expected = () => undefined }: Applying,
): Promise<Applied | Refusal> {
  const keys = edits.map(({ key }) => key);
  const before = await getBodies(nodes, root, keys);
  const unexpected = expected(before);
  if (unexpected !== undefined) return unexpected;
  const kept = await keepMarks(nodes, before, edits, keyed);
  if ('refused' in kept) return kept;
  const { marked, marks } = kept;
  const real = marked.filter((edit) => changes(before, edit));
  const edited = await applyEdits(nodes, root, real, boundary);
  const summary = real.reduce(
    (sum, { key, body }) => summarize(sum, { key, before: before.get(key) ?? null, after: body }),
    NO_CHANGES,
  );
  const tags = new Map(
    marked.flatMap(({ key, body }) => (body === null ? [] : [[key, entryTag(body)] as const])),
  );
  return { ...edited, summary, changed: real.length, marks, tags };
}

function changes(before: ReadonlyMap<string, Body>, { key, body }: Edit): boolean {
  const old = before.get(key);
  return body === null || old === undefined ? (body === null) !== (old === undefined) : !sameBody(old, body);
}

type Marked = { readonly marked: readonly Edit[]; readonly marks: Marks };

async function keepMarks(
  nodes: Nodes,
  before: ReadonlyMap<string, Body>,
  edits: readonly Wanted[],
  keyed: Keyed,
): Promise<Marked | Refusal> {
  const had = await marksOf(nodes, before, edits);
  const wanted = edits.flatMap(({ key, body, entry }) =>
    had.has(key) && body !== null && entry === undefined ? [{ key, body }] : [],
  );
  const staged = new Map((await readEntries(nodes, wanted)).map((entry, at) => [wanted[at]?.key, entry]));
  const marks = new Map<string, boolean>();
  const marked: Edit[] = [];
  for (const edit of edits) {
    const sensitive = had.get(edit.key);
    const entry = edit.body === null ? undefined : (edit.entry ?? staged.get(edit.key));
    if (
      sensitive === undefined ||
      entry === undefined ||
      !('value' in entry || 'variants' in entry) ||
      entry.sensitive !== undefined
    ) {
      marked.push(edit);
      continue;
    }
    const item = itemOfEntry({ ...entry, sensitive }, keyed);
    if ('refused' in item) return refuse(item.refused, `${entry.key}: ${item.detail}`, { key: entry.key });
    marks.set(edit.key, sensitive);
    marked.push(item);
  }
  return { marked, marks };
}

/** The marks that entries have which are about to be replaced. */
async function marksOf(nodes: Nodes, before: ReadonlyMap<string, Body>, edits: readonly Wanted[]) {
  const replaced = edits.flatMap(({ key, body }) => {
    const old = before.get(key);
    return old === undefined || body === null || sameBody(old, body) ? [] : [{ key, body: old }];
  });
  const marks = new Map<string, boolean>();
  for (const entry of await readEntries(nodes, replaced)) {
    if ('secret_ref' in entry || entry.sensitive === undefined) continue;
    marks.set(treeKey(entry.kind, entry.key), entry.sensitive);
  }
  return marks;
}
