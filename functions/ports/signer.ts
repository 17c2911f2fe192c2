import type { Digest } from '../domain/digest.ts';

/** Signs for Sluice with a key that never leaves where it is kept. ECDSA, P-256, SHA-256. Throws `Unavailable` and `Throttled`. */
export interface Signer {
  /** Names the key, as signatures of checkpoints carry it. */
  keyId(): string;
  /** The signature of a digest's 32 bytes, taken as a message: DER, in base64. */
  sign(digest: Digest): Promise<string>;
  /** The signature of a message of any length: DER, in base64. */
  signMessage(message: Uint8Array): Promise<string>;
  /** The key's public half: SPKI, PEM. */
  publicKey(): Promise<string>;
}
