import type { Signatures } from '../../ports/signatures.ts';

const load = () => import('../../adapters/sigstore/signatures.ts');

/** Verifies signatures, for functions that seldom do: the verifier is loaded with the first one. */
export const signaturesOnDemand: Signatures = {
  verify: async (...asked) => (await load()).sigstoreSignatures.verify(...asked),
  open: async (...asked) => (await load()).sigstoreSignatures.open(...asked),
};
