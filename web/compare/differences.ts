import type * as z from 'zod/mini';
import { diffConfig } from '../../functions/contract/config-promotions.ts';
import { ask } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';
import { shown } from '../words/hidden.ts';
import type { Difference } from './difference.ts';

export type Differences = {
  readonly lines: readonly Difference[];
  /** Keys that are the same in both. */
  readonly unchanged: number;
  /** The revision that both last held. */
  readonly agreed: Answer['agreed'];
  readonly next: string | null;
};

type Answer = z.infer<NonNullable<typeof diffConfig.response>>;

/** Keys on one page. */
const PAGE = 200;

/** A page of what differs, in the order of keys. */
export async function readDifferences(
  between: { readonly source: string; readonly target: string },
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Outcome<Differences>> {
  const query = { ...between, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  const found = await ask(diffConfig, { query, signal });
  if (!found.ok) return found;
  const { unchanged, agreed, nextCursor = null } = found.value;
  return { ok: true, value: { lines: linesOf(found.value), unchanged, agreed, next: nextCursor } };
}

function linesOf({ added, modified, removed, owned = [] }: Answer): readonly Difference[] {
  const lines: readonly Difference[] = [
    ...added.map((one) => sided(one, 'added', { source: one.value })),
    ...modified.map((one) => sided(one, 'modified', { source: one.sourceValue, target: one.targetValue })),
    ...removed.map((one) => sided(one, 'removed', { target: one.value })),
    ...owned.map((one) => sided(one, 'owned', { source: one.sourceValue, target: one.targetValue })),
  ];
  return lines.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** A key with its values: where one of its values looks like a secret, none is shown. */
function sided(
  one: Omit<Answer['added'][number], 'value'>,
  operation: Difference['operation'],
  sides: { readonly source?: unknown; readonly target?: unknown },
): Difference {
  const { key, kind, changedIn, agreedValue } = one;
  const [source, target, agreed] = shown(key, sides.source, sides.target, agreedValue);
  const since = changedIn === undefined ? {} : { changedIn, agreed };
  return { key, flag: kind === 'flag', operation, source, target, ...since };
}
