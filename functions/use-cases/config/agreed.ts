import type { Change } from '../../domain/config-tree/diff.ts';
import { isSensitive, type ShownEntry, shownSides } from '../../domain/config-tree/mask.ts';
import { sameBody } from '../../domain/config-tree/node.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { isRetained } from '../../domain/config-tree/retention.ts';
import { getBodies } from '../../domain/config-tree/scan.ts';
import type { Digest } from '../../domain/digest.ts';
import { keyedHash } from '../../domain/digest.ts';
import type { Head } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { NEVER, sidesOf } from './shown.ts';
import { slotIn } from './slot.ts';
import { rootOf } from './tree.ts';

/** What two environments held alike the last time that one of them received all of the other: a revision of that other one. */
export type Agreed = { readonly environment: string; readonly revision: number; readonly root: Digest };

/** Who moved away from what was agreed, and what that was; `null`: the key was not there. */
export type Moved = {
  readonly changed_in: 'source' | 'target' | 'both';
  readonly agreed: ShownEntry | null;
};

/** What two configurations last agreed on; `undefined` where no promotion said so, or where that is kept no more. */
export async function agreedBetween(
  { heads, clock }: Pick<Deps, 'heads' | 'clock'>,
  tenant: string,
  source: Head,
  target: Head,
): Promise<Agreed | undefined> {
  const [received, of] =
    target.received?.environment === source.slot.environment
      ? [target.received, source]
      : source.received?.environment === target.slot.environment
        ? [source.received, target]
        : [];
  if (received === undefined || of === undefined) return undefined;
  const { environment, revision } = received;
  const [found] = await heads.revisionsFrom(tenant, slotIn(environment), revision, 1);
  if (found?.number !== revision) return undefined;
  const age = Date.parse(clock.now()) - Date.parse(found.at);
  if (!isRetained({ newer: of.revision - revision, age })) return undefined;
  return { environment, revision, root: rootOf(found) };
}

/** Who moved each of these keys, seen from the target: `before` is what it holds. A key that is sensitive anywhere is masked. */
export async function movedSince(
  deps: Pick<Deps, 'chunkingKeys'> & { readonly nodes: Nodes; readonly tenant: string },
  { root }: Agreed,
  changes: readonly Change[],
): Promise<readonly Moved[]> {
  const { nodes, tenant } = deps;
  const bodies = await getBodies(
    nodes,
    root,
    changes.map(({ key }) => key),
  );
  const base = changes.map(({ key }) => bodies.get(key) ?? null);
  const asBefore = changes.map(({ key }, at) => ({ key, before: base[at] ?? null, after: null }));
  const [entries, sides] = [await sidesOf(nodes, asBefore), await sidesOf(nodes, changes)];
  const all = [...entries, ...sides].flatMap(({ before, after }) => [before, after]);
  const keyed = all.some(isSensitive) ? keyedHash(await deps.chunkingKeys.of(tenant)) : NEVER;
  return changes.map(({ before, after }, at) => {
    const was = base[at] ?? null;
    const entry = entries[at]?.before ?? null;
    const [shown] = shownSides([entry, sides[at]?.before ?? null], keyed);
    const [again] = shownSides([entry, sides[at]?.after ?? null], keyed);
    const hidden = [shown, again].find(
      (one) => one !== null && 'sensitive' in one && one.sensitive === 'masked',
    );
    return { changed_in: movedBy(was, before, after), agreed: hidden ?? shown ?? null };
  });
}

type Side = Change['before'];

function movedBy(was: Side, target: Side, source: Side): Moved['changed_in'] {
  if (same(was, target)) return 'source';
  return same(was, source) ? 'target' : 'both';
}

const same = (a: Side, b: Side): boolean => (a === null || b === null ? a === b : sameBody(a, b));
