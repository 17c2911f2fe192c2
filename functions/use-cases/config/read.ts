import type { Entry } from '../../domain/config-tree/entry.ts';
import { prefixRange } from '../../domain/config-tree/key-range.ts';
import type { Body, LeafItem } from '../../domain/config-tree/node.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { readEntries } from '../../domain/config-tree/read-entry.ts';
import { getBodies, scanPage } from '../../domain/config-tree/scan.ts';
import { ENTRY_KINDS, type EntryKind, isEntryKey, treeKey } from '../../domain/config-tree/tree-key.ts';
import { type Digest, isDigest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Revision } from '../../domain/promotion/subject.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';
import { nodesOf, readableHead, rootOf, slotIn } from './tree.ts';

export type ReadDeps = Pick<Deps, 'catalog' | 'heads' | 'nodes' | 'denials' | 'clock'>;

/** What an environment holds at one root. */
export type At = { readonly environment: string; readonly root: Digest; readonly revision: number };

type Where = { readonly principal: Principal; readonly environment: string };

/** One config or flag as it is now. Refuses `not_found`, `unknown_environment`, `not_authorized`. */
export async function readEntry(
  deps: ReadDeps,
  { principal, environment, kind, key }: Where & { readonly kind: EntryKind; readonly key: string },
): Promise<{ readonly at: At; readonly entry: Entry } | Refusal> {
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  const root = rootOf(found.head);
  const nodes = nodesOf(deps, principal.tenant);
  const [entry] = isEntryKey(key) ? await entriesAt(nodes, root, [treeKey(kind, key)]) : [];
  if (entry === undefined)
    return refuse('not_found', `there is no ${kind} ${key} in ${found.environment.name}`);
  return { at: { environment: found.environment.name, root, revision: found.head.revision }, entry };
}

/** The entries of tree keys at a root, those that are there. */
export async function entriesAt(
  nodes: Nodes,
  root: Digest,
  keys: readonly string[],
): Promise<readonly Entry[]> {
  const bodies = await getBodies(nodes, root, keys);
  return await readEntries(
    nodes,
    [...bodies].map(([key, body]) => ({ key, body })),
  );
}

/** Where a paged reading of one root stands: the root, its revision, and the tree key to go on behind. */
export type Pinned = { readonly root: Digest; readonly revision: number; readonly after: string };

export type ScanInput = Where & {
  readonly kinds?: readonly EntryKind[];
  /** Keys that begin with this; absent: all. */
  readonly prefix?: string;
  readonly limit: number;
  readonly pinned?: Pinned;
};

export type Scanned = { readonly at: At; readonly entries: readonly Entry[]; readonly next?: Pinned };

/** What one answer may hold, as bytes of bodies: well below the 6 MB that a function may answer, whatever JSON makes of it. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/**
 * The entries of an environment by key, page by page at the root of the first page: all pages together are what it held at one
 * moment. A page ends early when its values are long.
 */
export async function scanEntries(deps: ReadDeps, input: ScanInput): Promise<Scanned | Refusal> {
  const { principal, environment, kinds = ENTRY_KINDS, prefix = '', limit, pinned } = input;
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  const root = pinned?.root ?? rootOf(found.head);
  const revision = pinned?.revision ?? found.head.revision;
  const nodes = nodesOf(deps, principal.tenant);
  const ranges = kinds.map((kind) => prefixRange(treeKey(kind, prefix)));
  const page = await scanPage(nodes, root, {
    ranges,
    limit,
    ...(pinned === undefined ? {} : { after: pinned.after }),
  });
  const items = fitting(page.items);
  const after = items.length < page.items.length ? items.at(-1)?.key : page.after;
  return {
    at: { environment: found.environment.name, root, revision },
    entries: await readEntries(nodes, items),
    ...(after === undefined ? {} : { next: { root, revision, after } }),
  };
}

/** As many items as one answer holds, at least one. */
function fitting(items: readonly LeafItem[]): readonly LeafItem[] {
  let bytes = 0;
  const end = items.findIndex(({ key, body }) => {
    bytes += key.length + sizeOf(body);
    return bytes > MAX_PAGE_BYTES;
  });
  return end === -1 ? items : items.slice(0, Math.max(1, end));
}

export function sizeOf(body: Body): number {
  return 'inline' in body ? body.inline.length : body.size;
}

/** Every root that an environment had, newest first: who, when, why, and what it changed. */
export async function readRevisions(
  deps: ReadDeps,
  { principal, environment, page }: Where & { readonly page: PageRequest },
): Promise<Page<Revision> | Refusal> {
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  return await deps.heads.revisions(principal.tenant, slotIn(found.environment.name), page);
}

/** A position of a paged reading as text, and back; `undefined` for what is none. */
export const pinnedText = ({ root, revision, after }: Pinned): string => `${root} ${revision} ${after}`;
export function pinnedOf(text: string): Pinned | undefined {
  const [root = '', revision = '', after = ''] = text.split(' ');
  if (!isDigest(root) || !/^\d{1,12}$/.test(revision)) return undefined;
  return { root, revision: Number(revision), after };
}
