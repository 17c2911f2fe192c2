import type { Entry, EntryOf } from '../../domain/config-tree/entry.ts';
import { entryTag } from '../../domain/config-tree/entry-tag.ts';
import { prefixRange } from '../../domain/config-tree/key-range.ts';
import type { Body, LeafItem } from '../../domain/config-tree/node.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { readEntries } from '../../domain/config-tree/read-entry.ts';
import { getBodies, scanPage } from '../../domain/config-tree/scan.ts';
import { ENTRY_KINDS, type EntryKind, isEntryKey, treeKey } from '../../domain/config-tree/tree-key.ts';
import { type Digest, isDigest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Revision } from '../../domain/subject.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { mayReadSensitive } from '../access/may-read-sensitive.ts';
import type { Deps } from '../deps.ts';
import { shownEntries, shownOne } from './shown.ts';
import { slotIn } from './slot.ts';
import { nodesOf, readableHead, rootOf } from './tree.ts';

export type ReadDeps = Pick<Deps, 'catalog' | 'heads' | 'nodes' | 'chunkingKeys' | 'denials' | 'clock'>;

/** An entry as it was asked for: delivered whole, or with its sensitive value masked. */
export type ReadEntry = EntryOf<boolean | 'masked'>;

/** What an environment holds at one root. */
export type At = { readonly environment: string; readonly root: Digest; readonly revision: number };

type Where = { readonly principal: Principal; readonly environment: string };

/** One config or flag as it is now, with its tag; a sensitive one is masked for people without the right `read_sensitive`. Refuses `not_found`, `unknown_environment`, `not_authorized`. */
export async function readEntry(
  deps: ReadDeps,
  { principal, environment, kind, key }: Where & { readonly kind: EntryKind; readonly key: string },
): Promise<{ readonly at: At; readonly entry: ReadEntry; readonly tag: Digest } | Refusal> {
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  const root = rootOf(found.head);
  const nodes = nodesOf(deps, principal.tenant);
  const place = treeKey(kind, key);
  const body = isEntryKey(key) ? (await getBodies(nodes, root, [place])).get(place) : undefined;
  const [entry] = body === undefined ? [] : await readEntries(nodes, [{ key: place, body }]);
  if (body === undefined || entry === undefined)
    return refuse('not_found', `there is no ${kind} ${key} in ${found.environment.name}`);
  const at = { environment: found.environment.name, root, revision: found.head.revision };
  const delivered = await deliveredTo(deps, principal, at.environment, entry);
  return { at, entry: delivered, tag: entryTag(body) };
}

/** An entry as it is delivered to a reader: whole to machines and to people with the right, else masked. */
export async function deliveredTo(
  { chunkingKeys }: Pick<ReadDeps, 'chunkingKeys'>,
  principal: Principal,
  environment: string,
  entry: Entry,
): Promise<ReadEntry> {
  if (mayReadSensitive(principal, environment)) return entry;
  return await shownOne({ chunkingKeys, tenant: principal.tenant }, entry);
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
  /** To `deliver` hands sensitive values to machines and to people with the right; to `show` masks them for everybody. */
  readonly purpose: 'deliver' | 'show';
};

export type Scanned = { readonly at: At; readonly entries: readonly ReadEntry[]; readonly next?: Pinned };

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
  const entries = await readEntries(nodes, items);
  const whole = input.purpose === 'deliver' && mayReadSensitive(principal, found.environment.name);
  return {
    at: { environment: found.environment.name, root, revision },
    entries: whole ? entries : await shownEntries({ ...deps, tenant: principal.tenant }, entries),
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
