import type { Digest } from '../domain/digest.ts';
import type { StoredAnswer } from './transaction.ts';

/** Answers kept for idempotency keys; written in the creating transaction itself. */
export interface Answers {
  /** Strongly consistent; an expired answer is `undefined`. */
  read(tenant: string, key: Digest, now: string): Promise<StoredAnswer | undefined>;
}
