import type { Environment } from '../../domain/catalog/environment.ts';
import type { Change } from '../../domain/config-tree/diff.ts';
import type { ShownEntry } from '../../domain/config-tree/mask.ts';
import { planPromotion, type Scope } from '../../domain/config-tree/promote.ts';
import { countEntries } from '../../domain/config-tree/scan.ts';
import { EVERYTHING, selectGlobs } from '../../domain/config-tree/selection.ts';
import { type Digest, isDigest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type Agreed, agreedBetween, type Moved, movedSince } from './agreed.ts';
import { type ReadDeps, sizeOf } from './read.ts';
import { type Sides, shownChanges } from './shown.ts';
import { nodesOf, readableHead, rootOf } from './tree.ts';

/** One key that differs, with what either side holds; sensitive values are masked. */
export type Difference = Sides<ShownEntry> & {
  /** It belongs to the target: promotions never touch it. */
  readonly owned: boolean;
  /** Only where both sides once agreed. */
  readonly moved?: Moved;
};

/** Two roots and the tree key behind which to go on. */
export type DiffPinned = {
  readonly source: Digest;
  readonly target: Digest;
  readonly unchanged: number;
  readonly agreed?: Agreed;
  readonly after: string;
};

export type DiffInput = {
  readonly principal: Principal;
  readonly source: string;
  readonly target: string;
  readonly limit: number;
  readonly pinned?: DiffPinned;
};

export type Diffed = {
  readonly source: Environment;
  readonly target: Environment;
  readonly differences: readonly Difference[];
  /** Entries that are the same in both. */
  readonly unchanged: number;
  readonly agreed?: Agreed;
  readonly next?: DiffPinned;
};

/** What one answer may hold of values, as bytes. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/**
 * How two environments differ, as what promoting everything from the source would meet in the target. Reads what differs; the entries that
 * are the same are only counted. Pages are of the roots of the first page.
 */
export async function diffEnvironments(deps: ReadDeps, input: DiffInput): Promise<Diffed | Refusal> {
  const { principal, limit, pinned } = input;
  const source = await readableHead(deps, principal, input.source);
  if (isRefusal(source)) return source;
  const target = await readableHead(deps, principal, input.target);
  if (isRefusal(target)) return target;
  const nodes = nodesOf(deps, principal.tenant);
  const [from, to] = [pinned?.source ?? rootOf(source.head), pinned?.target ?? rootOf(target.head)];
  const agreed =
    pinned === undefined
      ? await agreedBetween(deps, principal.tenant, source.head, target.head)
      : pinned.agreed;
  const owned = selectGlobs(target.environment.owned_keys);
  const scope: Scope = { selection: EVERYTHING, owned, prune: true };
  const found: Change[] = [];
  let [bytes, more, inSource] = [0, false, 0];
  for await (const batch of planPromotion(nodes, to, from, scope)) {
    const changes = [...batch.changes, ...batch.owned].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const change of changes) {
      if (change.after !== null) inSource += 1;
      if (pinned !== undefined && change.key <= pinned.after) continue;
      if (found.length === limit || (bytes > MAX_PAGE_BYTES && found.length > 0)) more = true;
      else {
        found.push(change);
        bytes += bytesOf(change);
      }
    }
    // Only the first page counts all there is.
    if (more && pinned !== undefined) break;
  }
  const unchanged = pinned?.unchanged ?? (await countEntries(nodes, from)) - inSource;
  const last = found.at(-1);
  const shower = { nodes, chunkingKeys: deps.chunkingKeys, tenant: principal.tenant };
  const shown = await shownChanges(shower, found);
  const moved = agreed === undefined ? [] : await movedSince(shower, agreed, found);
  const base = agreed === undefined ? {} : { agreed };
  return {
    source: source.environment,
    target: target.environment,
    differences: shown.map((one, at) => ({
      ...one,
      owned: owned.matches(one.key),
      ...(moved[at] === undefined ? {} : { moved: moved[at] }),
    })),
    unchanged,
    ...base,
    ...(more && last !== undefined
      ? { next: { source: from, target: to, unchanged, ...base, after: last.key } }
      : {}),
  };
}

export function bytesOf({ key, before, after }: Change): number {
  return key.length + (before === null ? 0 : sizeOf(before)) + (after === null ? 0 : sizeOf(after));
}

export const diffPinnedText = ({ source, target, unchanged, agreed, after }: DiffPinned): string => {
  const base = agreed === undefined ? ['-'] : [agreed.root, agreed.revision, agreed.environment];
  return `${source} ${target} ${unchanged} ${base.join('/')} ${after}`;
};
export function diffPinnedOf(text: string): DiffPinned | undefined {
  const [source = '', target = '', unchanged = '', base = '', after = ''] = text.split(' ');
  if (!isDigest(source) || !isDigest(target) || !/^\d{1,12}$/.test(unchanged)) return undefined;
  const agreed = agreedOf(base);
  return { source, target, unchanged: Number(unchanged), ...(agreed === undefined ? {} : { agreed }), after };
}

function agreedOf(text: string): Agreed | undefined {
  const [root = '', revision = '', environment = ''] = text.split('/');
  return isDigest(root) && /^\d{1,12}$/.test(revision)
    ? { root, revision: Number(revision), environment }
    : undefined;
}
