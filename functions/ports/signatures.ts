import type { ConditionFacts } from '../domain/conditions/condition.ts';
import type { Digest } from '../domain/digest.ts';
import type { Reading, Unreadable } from '../domain/evidence/report.ts';

/** A statement in a signed document, and who signed it, as facts. */
export type Attested = { readonly statement: string; readonly signer: ConditionFacts };

/** Verifies signatures, offline. A reading of it is the only evidence that the gate `signature` believes. */
export interface Signatures {
  /** Reads a document of the format `cosign`. What is not verified, or signs something else, is `Unreadable`. */
  verify(document: string, subject: Digest): Promise<Reading | Unreadable>;
  /** Opens a signed in-toto statement: `{bundle, public_key}` or `{bundle, trusted_root}`. What is not verified is `Unreadable`. */
  open(document: string): Promise<Attested | Unreadable>;
}
