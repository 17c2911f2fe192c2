import type { Change as Difference } from '../../../domain/config-tree/diff.ts';
import { rangeAfter } from '../../../domain/config-tree/key-range.ts';
import { LOOKS_SECRET, looksSecret } from '../../../domain/config-tree/looks-secret.ts';
import type { ShownEntry } from '../../../domain/config-tree/mask.ts';
import { planPromotion } from '../../../domain/config-tree/promote.ts';
import { entryOfTreeKey } from '../../../domain/config-tree/tree-key.ts';
import { Fault } from '../../../domain/faults.ts';
import { canonicalJson } from '../../../domain/jcs.ts';
import type { Change } from '../../../domain/promotion/manifest.ts';
import type { PromotionState } from '../../../domain/promotion/state.ts';
import { bytesOf } from '../../config/diff.ts';
import { type Sides, shownChanges } from '../../config/shown.ts';
import { slotIn } from '../../config/slot.ts';
import { nodesOf } from '../../config/tree.ts';
import type { Impact, KindDeps } from '../kind.ts';
import { configAsked } from './asked.ts';
import { scopeOf, selectedBy } from './selection.ts';

/** Changes that an impact shows; all of them are pages of the change set. */
const SHOWN = 100;
const MAX_PAGE_BYTES = 2 * 1024 * 1024;
/** Leaves that a page needs: one of 8 KB holds some 60 entries, and both sides are read. */
const leavesFor = (limit: number) => 8 + Math.ceil(limit / 25);

export async function impactOf(deps: KindDeps, state: PromotionState): Promise<Impact> {
  const { tenant, target_environment, seal, id } = state;
  const head = await deps.heads.read(tenant, slotIn(target_environment));
  const holder = head?.claim?.promotion;
  const { changes } = await changePage(deps, state, { limit: SHOWN });
  return {
    environment: target_environment,
    changes: changes.map(inTexts),
    replaces: undefined,
    target_moved: (head?.digest ?? null) !== seal.plan.base.digest,
    held_by: holder === id ? undefined : holder,
  };
}

/** A page of the sealed change set, in order of keys, with the entries of both sides, masked where sensitive. `after`: the tree key to go on behind. */
export async function changePage(
  deps: Pick<KindDeps, 'nodes' | 'chunkingKeys'>,
  { tenant, request: asked, seal }: Pick<PromotionState, 'tenant' | 'request' | 'seal'>,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<{ readonly changes: readonly Sides<ShownEntry>[]; readonly next?: string }> {
  const { tree, source } = seal.plan;
  if (tree === undefined) throw new Fault('Corrupt', 'a config promotion has a change set');
  const request = configAsked(asked);
  const { selection } = selectedBy(tenant, request);
  const ranges = selection.ranges
    .map((range) => rangeAfter(range, after))
    .filter(({ from, to }) => from < to);
  const scope = scopeOf(request, { ...selection, ranges }, tree.owned);
  const nodes = nodesOf(deps, tenant);
  const shower = { nodes, chunkingKeys: deps.chunkingKeys, tenant };
  const page: Difference[] = [];
  let bytes = 0;
  for await (const batch of planPromotion(nodes, tree.origin, source.digest, scope, leavesFor(limit))) {
    for (const change of batch.changes) {
      const last = page.at(-1);
      if (last !== undefined && (page.length === limit || bytes > MAX_PAGE_BYTES))
        return { changes: await shownChanges(shower, page), next: last.key };
      page.push(change);
      bytes += bytesOf(change);
    }
  }
  return { changes: await shownChanges(shower, page) };
}

/** A change in texts for programs: values as canonical JSON, secrets by their name, sensitive values as their mask. */
export function inTexts({ key, before, after }: Sides<ShownEntry>): Change {
  return { key: nameOf(key), from: textOf(before), to: textOf(after) };
}

/** A change in texts for pages, mails and messages. What only looks like a secret is hidden too, with what to do about it. */
export function inTextsForPeople(change: Sides<ShownEntry>): Change {
  const { key, before, after } = change;
  const hide = [before, after].some((side) => side !== null && looksSecret(side));
  const textFor = (entry: ShownEntry | null) => (hide && hasValue(entry) ? LOOKS_SECRET : textOf(entry));
  return { key: nameOf(key), from: textFor(before), to: textFor(after) };
}

const hasValue = (entry: ShownEntry | null): boolean => entry !== null && !('secret_ref' in entry);

function nameOf(place: string): string {
  const { kind, key } = entryOfTreeKey(place);
  return `${kind}/${key}`;
}

function textOf(entry: ShownEntry | null): string | null {
  if (entry === null) return null;
  if (entry.kind === 'config') return canonicalJson('value' in entry ? entry.value : said(entry));
  const { sensitive, ...flag } = said(entry);
  return canonicalJson(sensitive === 'masked' ? { ...flag, sensitive: true } : said(entry));
}

function said<E extends ShownEntry>({ kind: _, key: __, ...rest }: E): Omit<E, 'kind' | 'key'> {
  return rest;
}
