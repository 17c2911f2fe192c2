import type { ConditionFacts } from '../conditions/condition.ts';

/** Formats in which reports come. `provider` is the answer of a gate's own provider and never posted. */
export const FORMATS = [
  'junit',
  'sarif',
  'trivy',
  'grype',
  'infracost',
  'k6',
  'cosign',
  'in-toto',
  'json',
] as const;
export type Format = (typeof FORMATS)[number];

/**
 * A report in normal form. `result.passed` is what it says by itself; `result.error` says why it says nothing, though it is well
 * formed. `produced_at` is the document's own word on when it was made, RFC 3339 with any offset.
 */
export type Reading = { readonly result: ConditionFacts; readonly produced_at?: string };

/** A document that is no report: `field` is what the caller has to correct. */
export type Unreadable = { readonly unreadable: string; readonly field: 'document' | 'subject_digest' };

/** Bytes of a document that is stored. */
export const MAX_DOCUMENT = 256 * 1024;
/** Bytes of a document that is fetched from its address and read, but not stored. */
export const MAX_FETCHED = 4 * 1024 * 1024;
/** Levels of nesting in a document: far above what tools write. */
export const MAX_LEVELS = 64;
/** Bytes of a result in canonical JSON: every assessment reads all results of a gate. */
export const MAX_RESULT = 16 * 1024;

/** Says why a document is no report. */
export const unreadable = (why: string): Unreadable => ({ unreadable: why, field: 'document' });

/** A sound report, about something else. */
export const aboutAnother = (what: string): Unreadable => ({
  unreadable: `the document is about ${what}`,
  field: 'subject_digest',
});
