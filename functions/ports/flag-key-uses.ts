/** When keys were last used: no part of a key, and no reason to wait. */
export interface FlagKeyUses {
  /** Notes a use, unless one was noted less than an hour before. */
  note(tenant: string, id: string, at: string): Promise<void>;
  /** The last noted use of every key of a tenant, by id. */
  all(tenant: string): Promise<ReadonlyMap<string, string>>;
}
