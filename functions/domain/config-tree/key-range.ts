/** Tree keys from `from` (inclusive) to `to` (exclusive). */
export type KeyRange = { readonly from: string; readonly to: string };

/** Above every character of the key grammar, so `prefix + LAST` is above every key with that prefix. */
const LAST = '\x7f';

/** Every key. */
export const ALL_KEYS: KeyRange = { from: '', to: LAST };

/** The keys that begin with a text. */
export function prefixRange(prefix: string): KeyRange {
  return { from: prefix, to: prefix + LAST };
}

/** One key alone. */
export function keyRange(key: string): KeyRange {
  return { from: key, to: `${key}\0` };
}

/** What is left of a range behind a key: how a page continues. */
export function rangeAfter(range: KeyRange, key: string | undefined): KeyRange {
  const from = `${key}\0`;
  return key === undefined || from <= range.from ? range : { from, to: range.to };
}

/** The same keys as sorted ranges that do not touch. */
export function unionOfRanges(ranges: readonly KeyRange[]): readonly KeyRange[] {
  const union: KeyRange[] = [];
  for (const range of ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = union.at(-1);
    if (range.from >= range.to) continue;
    if (last === undefined || range.from > last.to) union.push(range);
    else if (range.to > last.to) union.splice(-1, 1, { from: last.from, to: range.to });
  }
  return union;
}

/** Whether any key above `low` and up to `high` is in one of the sorted ranges. */
export function rangesMeet(ranges: readonly KeyRange[], low: string, high: string): boolean {
  const range = firstEndingAfter(ranges, low);
  return range !== undefined && range.from <= high;
}

/** Whether a key is in one of the sorted ranges. */
export function rangesHold(ranges: readonly KeyRange[], key: string): boolean {
  const range = firstEndingAfter(ranges, key);
  return range !== undefined && range.from <= key;
}

function firstEndingAfter(ranges: readonly KeyRange[], key: string): KeyRange | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.to <= key) low = middle + 1;
    else high = middle;
  }
  return ranges[low];
}
