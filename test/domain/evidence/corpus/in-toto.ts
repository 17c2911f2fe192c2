import { json, type Sample } from './sample.ts';

const subject = [{ name: 'registry.acme.com/app', digest: { sha256: 'a'.repeat(64) } }];
const STATEMENT = 'https://in-toto.io/Statement/v1';
const statement = (predicateType: string, predicate: unknown, more: object = {}) =>
  json({ _type: STATEMENT, subject, predicateType, predicate, ...more });

const PROVENANCE = 'https://slsa.dev/provenance/v1';
const buildDefinition = {
  buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
  externalParameters: { workflow: { ref: 'refs/heads/main', repository: 'https://github.com/acme/app' } },
  resolvedDependencies: [{ uri: 'git+https://github.com/acme/app@refs/heads/main' }],
};
const BUILDER = 'https://github.com/actions/runner/github-hosted';
const runDetails = {
  builder: { id: BUILDER },
  metadata: { invocationId: 'x', startedOn: '2026-11-20T09:00:00Z', finishedOn: '2026-11-20T10:00:00Z' },
};
const provenance = { buildDefinition, runDetails };

const SUMMARY = 'https://slsa.dev/verification_summary/v1';
const summary = (verificationResult: unknown, verifiedLevels: unknown, more: object = {}) =>
  statement(SUMMARY, {
    verifier: { id: 'https://example.com/publication_verifier' },
    timeVerified: '2026-11-20T10:00:00.5Z',
    resourceUri: 'pkg:oci/app',
    policy: { uri: 'https://example.com/app.policy', digest: { sha256: '1'.repeat(64) } },
    verificationResult,
    verifiedLevels,
    slsaVersion: '1.0',
    ...more,
  });

/** Statements. The names in `source` are fields of the specifications on slsa.dev/spec/v1.1 and of github.com/in-toto/attestation. */
export const IN_TOTO: readonly Sample[] = [
  {
    source: 'provenance: who built it, and no verdict on that',
    text: statement(PROVENANCE, provenance),
    verdict: 'fails',
    facts: {
      builder: BUILDER,
      external_parameters: { workflow: { ref: 'refs/heads/main' } },
      dependencies: 1,
    },
    lifts: [],
  },
  {
    source: 'Statement v0.1, in which tools still put it',
    text: statement(PROVENANCE, provenance, { _type: 'https://in-toto.io/Statement/v0.1' }),
    verdict: 'fails',
    facts: { builder: BUILDER },
  },
  {
    source: 'parsing rules: unset, null and empty are one',
    text: statement(PROVENANCE, {
      buildDefinition: { ...buildDefinition, resolvedDependencies: null },
      runDetails: { ...runDetails, metadata: null },
    }),
    verdict: 'fails',
    facts: { dependencies: 0 },
  },
  {
    source: 'builder.id is required',
    text: statement(PROVENANCE, { ...provenance, runDetails: { builder: { id: '' } } }),
    verdict: 'is refused',
  },
  {
    source: 'externalParameters is required',
    text: statement(PROVENANCE, { ...provenance, buildDefinition: { buildType: 'x' } }),
    verdict: 'is refused',
  },
  {
    source: 'finishedOn is a timestamp',
    text: statement(PROVENANCE, {
      ...provenance,
      runDetails: { ...runDetails, metadata: { finishedOn: 'today' } },
    }),
    verdict: 'is refused',
  },
  {
    source: 'verificationResult PASSED',
    text: summary('PASSED', ['SLSA_BUILD_LEVEL_3']),
    verdict: 'passes',
    facts: { build_level: 3, verifier: 'https://example.com/publication_verifier', unknown: 0 },
  },
  {
    source: 'SlsaResult: a level of the source track, and one of a user',
    text: summary('PASSED', ['SLSA_SOURCE_LEVEL_2', 'ACME_REVIEWED']),
    verdict: 'passes',
    facts: { source_level: 2 },
  },
  {
    source: 'verificationResult FAILED',
    text: summary('FAILED', ['FAILED']),
    verdict: 'fails',
    facts: { unknown: 0 },
    lifts: [],
  },
  {
    source: 'verifiedLevels FAILED beside PASSED',
    text: summary('PASSED', ['FAILED']),
    verdict: 'fails',
    lifts: ['predicate.verifiedLevels', 'predicate.verifiedLevels.0'],
  },
  {
    source: 'verificationResult: a word that is neither',
    text: summary('OK', ['SLSA_BUILD_LEVEL_3']),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: [],
  },
  {
    source: 'verificationResult is required',
    text: summary(undefined, ['SLSA_BUILD_LEVEL_3']),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'SlsaResult: custom values must not begin with SLSA_',
    text: summary('PASSED', ['SLSA_BUILD_LEVEL_9']),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  { source: 'verifiedLevels is required', text: summary('PASSED', undefined), verdict: 'is refused' },
  {
    source: 'timeVerified is required',
    text: summary('PASSED', [], { timeVerified: null }),
    verdict: 'is refused',
  },
  { source: 'verifier.id is required', text: summary('PASSED', [], { verifier: {} }), verdict: 'is refused' },
  {
    source: 'resourceUri is required',
    text: summary('PASSED', [], { resourceUri: '' }),
    verdict: 'is refused',
  },
  {
    source: 'subject: another artifact',
    text: statement(PROVENANCE, provenance, { subject: [{ digest: { sha256: 'b'.repeat(64) } }] }),
    verdict: 'is refused',
  },
  {
    source: 'subject: each has a digest',
    text: statement(PROVENANCE, provenance, { subject: [...subject, { name: 'x' }] }),
    verdict: 'is refused',
  },
  {
    source: 'another predicate',
    text: statement('https://spdx.dev/Document', provenance),
    verdict: 'is refused',
  },
  {
    source: 'a bare DSSE envelope: nobody knows who signed it',
    text: json({ payloadType: 'application/vnd.in-toto+json', payload: '', signatures: [] }),
    verdict: 'is refused',
  },
];
