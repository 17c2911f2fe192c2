import { type Change, collectDiff } from '../../../domain/config-tree/diff.ts';
import { EMPTY_ROOT } from '../../../domain/config-tree/empty.ts';
import type { Nodes } from '../../../domain/config-tree/nodes.ts';
import { entryOfTreeKey } from '../../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../../domain/digest.ts';
import { Fault } from '../../../domain/faults.ts';
import type { Actor } from '../../../domain/identity/principal.ts';
import { requestersOf } from '../../../domain/promotion/parts.ts';
import type { Seal } from '../../../domain/promotion/state.ts';
import type { Revision } from '../../../domain/subject.ts';
import { slotIn } from '../../config/slot.ts';
import { nodesOf } from '../../config/tree.ts';
import type { Deps } from '../../deps.ts';

/**
 * Revisions looked at for one promotion, in all environments that its content came through: some years of edits, and about a second. Their
 * summaries mostly tell which keys they changed; of those that do not, the trees are compared, at most so many times.
 */
const MOST = 20_000;
const MOST_COMPARED = 2_000;
const PAGE = 100;

/** Whose content some keys are, and who promoted it on its way. */
export type Authors = { readonly authors: readonly Actor[]; readonly promoters: readonly Actor[] };

/** A revision of an environment, by its number or, where none was kept, its root; `since`: the one received in whole before. */
type Taken = {
  readonly environment: string;
  readonly digest: Digest;
  readonly revision?: number;
  readonly since?: number;
};

/**
 * Who wrote what the changes of a promotion take from its source: every editor of one of their keys since the target last received all of the source, and
 * the last editor of each key that nobody has touched since, who deleted it included. What came by a promotion is followed to where it was written. What a
 * revision changed is no longer kept for ever: who made one that cannot be read counts. `undefined` when it would take too long to tell.
 */
export async function authorsOf(
  deps: Pick<Deps, 'heads' | 'nodes' | 'promotions'>,
  tenant: string,
  seal: Seal,
  changes: readonly Change[],
): Promise<Authors | undefined> {
  const nodes = nodesOf(deps, tenant);
  const scan: Scan = { deps, tenant, nodes, budget: MOST, compared: 0, authors: [], promoters: [] };
  const changed = new Set(changes.map(({ key }) => key));
  const written = new Set(changes.flatMap(({ key, after }) => (after === null ? [] : [key])));
  // What a rollback removes, nobody deleted in its source: that is a revision of the environment itself.
  const isBack = seal.manifest.type === 'rollback';
  const removed = new Set(changes.flatMap(({ key, after }) => (after === null && !isBack ? [key] : [])));
  return (await follow(scan, takenBy(seal), { changed, written, removed })) ? scan : undefined;
}

/** Keys whose editors count: `written` ones had one in the source, `removed` ones perhaps never were there. */
type Keys = {
  readonly changed: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
};

type Scan = {
  readonly deps: Pick<Deps, 'heads' | 'nodes' | 'promotions'>;
  readonly tenant: string;
  readonly nodes: Nodes;
  budget: number;
  compared: number;
  readonly authors: Actor[];
  readonly promoters: Actor[];
};

/** Scans one environment back; answers whether every one of the `written` keys found its writer. */
async function follow(scan: Scan, taken: Taken, keys: Keys): Promise<boolean> {
  const { since = 0 } = taken;
  const open = new Set([...keys.written, ...keys.removed]);
  let unreadable = false;
  for await (const revision of revisionsUpTo(scan, taken)) {
    const recent = revision.number > since;
    if (!recent && open.size === 0) return true;
    const touched = await touchedBy(scan, revision, recent ? keys.changed : open);
    if (touched === 'unknown') {
      unreadable = true;
      scan.authors.push(known(revision));
    } else if (touched.size > 0) {
      if (!(await attribute(scan, revision, touched, keys))) return false;
      for (const key of touched) open.delete(key);
    }
    if (isSpent(scan)) break;
  }
  if (open.size === 0) return true;
  const unfound = [...open].some((key) => keys.written.has(key));
  return !isSpent(scan) && (unreadable || !unfound);
}

const isSpent = ({ budget, compared }: Scan): boolean => budget <= 0 || compared >= MOST_COMPARED;

/** Notes who is behind the keys that a revision touched, further back where they came by a promotion. */
async function attribute(
  scan: Scan,
  revision: Revision,
  touched: ReadonlySet<string>,
  keys: Keys,
): Promise<boolean> {
  const { cause } = revision;
  if (cause.by !== 'execute') {
    scan.authors.push(known(revision));
    return true;
  }
  const stored = await scan.deps.promotions.read(scan.tenant, cause.promotion_id);
  if (stored === undefined) return false;
  scan.promoters.push(...requestersOf(stored.state), known(revision));
  const among = (some: ReadonlySet<string>) => new Set([...touched].filter((key) => some.has(key)));
  const came = { changed: touched, written: among(keys.written), removed: among(keys.removed) };
  return await follow(scan, takenBy(stored.state.seal), came);
}

/** Where a promotion takes its content. What is taken back was the environment's own: the last writer of each key counts, and no more. */
function takenBy({ manifest, plan: { source } }: Seal): Taken {
  const since = manifest.type === 'rollback' ? source.revision : source.since;
  const { environment, digest, revision } = source;
  return {
    environment,
    digest,
    ...(revision === undefined ? {} : { revision }),
    ...(since === undefined ? {} : { since }),
  };
}

/** The revisions of an environment from the one that was taken, newest first, while the scan may look at more. */
async function* revisionsUpTo(
  scan: Scan,
  { environment, digest, revision }: Taken,
): AsyncGenerator<Revision> {
  let begun = false;
  let after: string | undefined;
  do {
    const limit = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await scan.deps.heads.revisions(scan.tenant, slotIn(environment), limit);
    for (const one of page.items) {
      scan.budget -= 1;
      begun ||= revision === undefined ? one.digest === digest : one.number <= revision;
      if (begun) yield one;
      if (isSpent(scan)) return;
    }
    after = page.next;
  } while (after !== undefined);
}

/** Which of some keys a revision changed; reads its trees only where its summary does not tell. */
async function touchedBy(
  scan: Scan,
  { previous, digest, changes }: Revision,
  keys: ReadonlySet<string>,
): Promise<ReadonlySet<string> | 'unknown'> {
  if (changes !== undefined && changes.added + changes.modified + changes.removed === changes.keys.length) {
    const named = [...keys].some((key) => changes.keys.includes(entryOfTreeKey(key).key));
    if (!named) return new Set();
  }
  scan.compared += 1;
  try {
    const found = await collectDiff(scan.nodes, previous ?? EMPTY_ROOT, digest ?? EMPTY_ROOT);
    return new Set(found.flatMap(({ key }) => (keys.has(key) ? [key] : [])));
  } catch (error) {
    if (error instanceof Fault && error.name === 'Corrupt') return 'unknown';
    throw error;
  }
}

const known = ({ actor }: Revision): Actor => ({ ...actor, email: actor.email ?? '' });
