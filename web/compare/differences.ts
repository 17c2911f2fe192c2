import type * as z from 'zod/mini';
import { diffConfig } from '../../functions/contract/config-promotions.ts';
import { ask } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';
import { shown } from '../words/hidden.ts';

/** One key that differs between two environments, seen from the target. */
export type Difference = {
  readonly key: string;
  readonly flag: boolean;
  readonly operation: 'added' | 'modified' | 'removed' | 'owned';
  readonly source?: unknown;
  readonly target?: unknown;
};

export type Differences = {
  readonly lines: readonly Difference[];
  /** Keys that are the same in both. */
  readonly unchanged: number;
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
  const { unchanged, nextCursor = null } = found.value;
  return { ok: true, value: { lines: linesOf(found.value), unchanged, next: nextCursor } };
}

function linesOf({ added, modified, removed, owned = [] }: Answer): readonly Difference[] {
  const flagged = ({ kind }: { readonly kind?: 'flag' }) => kind === 'flag';
  const lines: readonly Difference[] = [
    ...added.map(
      (one) =>
        ({
          key: one.key,
          flag: flagged(one),
          operation: 'added',
          source: shown(one.key, one.value)[0],
        }) as const,
    ),
    ...modified.map((one) => {
      const [source, target] = shown(one.key, one.sourceValue, one.targetValue);
      return { key: one.key, flag: flagged(one), operation: 'modified', source, target } as const;
    }),
    ...removed.map(
      (one) =>
        ({
          key: one.key,
          flag: flagged(one),
          operation: 'removed',
          target: shown(one.key, one.value)[0],
        }) as const,
    ),
    ...owned.map((one) => ({ key: one.key, flag: flagged(one), operation: 'owned' }) as const),
  ];
  return lines.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** How a difference is named among those that are picked. */
export const nameOf = ({ key, flag }: Pick<Difference, 'key' | 'flag'>): string =>
  `${flag ? 'flag' : 'config'}/${key}`;
