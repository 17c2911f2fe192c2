import * as z from 'zod/mini';

/** Schemas of query parameters and of lists that many endpoints share. */

/** `true` and `false` as query parameters write them. */
export const QueryFlag = z.pipe(
  z.enum(['true', 'false']),
  z.transform((text: 'true' | 'false') => text === 'true'),
);

/** A page's size, 1 to 100, written in digits. */
export const Limit = z.pipe(
  z.pipe(z.string().check(z.regex(/^[0-9]{1,9}$/, 'must be a whole number')), z.transform(Number)),
  z.number().check(z.minimum(1), z.maximum(100)),
);
/** The size of a page of configuration, 1 to 1,000: fewer are on it when their values are long. */
export const BigLimit = z.pipe(
  z.string().check(z.regex(/^([1-9][0-9]{0,2}|1000)$/, 'must be 1 to 1000')),
  z.transform(Number),
);
/** A whole number in digits, as query parameters write it. */
export const Digits = z.pipe(
  z.string().check(z.regex(/^[0-9]{1,12}$/, 'must be a whole number')),
  z.transform(Number),
);
/** What a list answered as `next_cursor`. */
export const Cursor = z.string().check(z.minLength(1), z.maxLength(2048));

/** Words of a closed list as a query parameter: one or several, separated by commas, in any letter case. */
export function wordsOf<const T extends string>(words: readonly T[]) {
  const given = (text: string) => text.split(',').map((word) => word.trim().toLowerCase());
  const known = (word: string): word is T => words.some((one) => one === word);
  return z.pipe(
    z.string().check(z.refine((text) => given(text).every(known), `must be of ${words.join(', ')}`)),
    z.transform((text: string) => given(text).filter(known)),
  );
}

/** Query parameters of every list. */
export const PAGE = { limit: z.exactOptional(Limit), cursor: z.exactOptional(Cursor) };

/** Items on a page when the caller does not say. */
export const DEFAULT_LIMIT = 50;

/** A list's answer in the APIs that speak camelCase. */
export function camelListOf<T extends z.ZodMiniType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.nullable(z.string()) });
}

/** A list's answer. `next_cursor` is absent (`null`) on the last page. */
export function listOf<T extends z.ZodMiniType>(item: T) {
  return z.strictObject({ items: z.array(item), next_cursor: z.nullable(z.string()) });
}
