import type { Page, PageRequest } from '../../../functions/ports/page.ts';

/** One page of a list, whose order `positionOf` defines: ascending, or descending for `newestFirst`. */
export function pageOf<T>(
  all: readonly T[],
  positionOf: (item: T) => string,
  { limit, after }: PageRequest,
  newestFirst = false,
): Page<T> {
  const ordered = [...all].sort((a, b) => (positionOf(a) < positionOf(b) === newestFirst ? 1 : -1));
  const rest = ordered.filter((item) => {
    if (after === undefined) return true;
    return newestFirst ? positionOf(item) < after : positionOf(item) > after;
  });
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return rest.length > limit && last !== undefined ? { items, next: positionOf(last) } : { items };
}
