/** One request that waits for a promotion to move. A process that dies leaves its place to time: it is free after `until`. */
export type Wait = { readonly id: string; readonly until: string };

/** The requests of a tenant that wait at this moment. */
export interface Waits {
  /** Takes a place; says no where `most` are taken at `now`, and where too many ask at once to tell. */
  begin(tenant: string, wait: Wait, now: string, most: number): Promise<boolean>;
  /** Gives a place back. Idempotent. */
  end(tenant: string, id: string): Promise<void>;
}
