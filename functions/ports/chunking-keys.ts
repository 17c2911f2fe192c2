/** The secret of each tenant that decides where the nodes of its config trees end: random, made when it is first asked for, never changed. */
export interface ChunkingKeys {
  /** 32 bytes, the same ever after. Throws `Unavailable` and `Throttled`. */
  of(tenant: string): Promise<Uint8Array>;
}
