/** One page of a list. `next` is the store's own position; the HTTP edge makes it opaque and tamper-evident to callers. */
export type Page<T> = { readonly items: readonly T[]; readonly next?: string };

/** `limit` 1 to 100 items; `after` is a `next` of the same list. */
export type PageRequest = { readonly limit: number; readonly after?: string };
