/** Signs checkpoints of logs with an Ed25519 key that never leaves where it is kept. Throws `Unavailable` and `Throttled`. */
export interface NoteSigner {
  /** The signature (RFC 8032) of a message of at most 4,096 bytes: 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** The key's public half: SPKI, PEM. */
  publicKey(): Promise<string>;
}
