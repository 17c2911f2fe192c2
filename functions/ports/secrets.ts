/**
 * Credentials by reference. A reference is `sluice/<tenant>/…` of the very tenant that uses it; any other is not read.
 */
export interface Secrets {
  /** The secret's text, or `undefined` when there is none or the reference is another's. Throws `Unavailable` and `Throttled`. */
  read(tenant: string, ref: string): Promise<string | undefined>;
}
