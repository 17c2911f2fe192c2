import type { SecretUse } from '../domain/catalog/own-secret.ts';

/**
 * Credentials by reference. A reference is `sluice/<tenant>/<purpose>/…` of the tenant and the purpose that it is read for; any other is
 * not read.
 */
export interface Secrets {
  /**
   * Reads the secret's text: `undefined` when there is no usable one. It does not exist, is scheduled for deletion, cannot be decrypted,
   * or the reference is another tenant's or has another purpose. Throws `Unavailable` and `Throttled`, and nothing else.
   */
  read(use: SecretUse, ref: string): Promise<string | undefined>;
}
