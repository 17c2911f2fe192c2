import type { Digest } from '../domain/digest.ts';
import type { Reading, Unreadable } from '../domain/evidence/report.ts';

/** Verifies signatures, offline. A reading of it is the only evidence that the gate `signature` believes. */
export interface Signatures {
  /** Reads a document of the format `cosign`. What is not verified, or signs something else, is `Unreadable`. */
  verify(document: string, subject: Digest): Promise<Reading | Unreadable>;
}
