/** One request that waits. A process that dies leaves its place to time: it is free after `until`. */
export type Wait = { readonly id: string; readonly until: string };

/** What is waited for; each has places of its own. */
export type WaitList = 'promotions' | 'streams';

/** How many places there are, and how many of them for waits whose ids begin alike. */
export type Places = number | { readonly most: number; readonly begins: string; readonly mostOf: number };

/** The requests of a tenant that wait at this moment. */
export interface Waits {
  /** Takes a place; says no where all are taken at `now`, and where too many ask at once to tell. */
  begin(tenant: string, wait: Wait, now: string, places: Places, list?: WaitList): Promise<boolean>;
  /** Gives a place back. Idempotent. */
  end(tenant: string, id: string, list?: WaitList): Promise<void>;
}

/** Whether one more wait fits beside those that wait. */
export function hasPlace(waiting: readonly Wait[], places: Places): boolean {
  if (typeof places === 'number') return waiting.length < places;
  const { most, begins, mostOf } = places;
  return waiting.length < most && waiting.filter(({ id }) => id.startsWith(begins)).length < mostOf;
}
