import { json, type Sample } from './sample.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const source = {
  type: 'image',
  target: {
    userInput: 'registry.acme.com/app:1.0',
    imageID: `sha256:${'c'.repeat(64)}`,
    manifestDigest: DIGEST,
    repoDigests: [`registry.acme.com/app@${DIGEST}`],
  },
};
const db = { status: { schemaVersion: 'v6.1.0', built: '2026-11-20T06:00:00Z', valid: true }, providers: {} };
const descriptor = { name: 'grype', version: '0.106.0', timestamp: '2026-11-20T10:00:00.5+01:00', db };
const document = (matches: unknown, more: object = {}) =>
  json({ matches, source, distro: { name: 'alpine', version: '3.22.1' }, descriptor, ...more });
const match = (severity?: unknown, state = 'unknown') => ({
  vulnerability: {
    id: 'CVE-2026-0001',
    dataSource: 'https://nvd.nist.gov/vuln/detail/CVE-2026-0001',
    ...(severity === undefined ? {} : { severity }),
    fix: { versions: state === 'fixed' ? ['1.2.4'] : [], state },
  },
  relatedVulnerabilities: [],
  matchDetails: [{ type: 'exact-direct-match', matcher: 'apk-matcher' }],
  artifact: { name: 'musl', version: '1.2.3', type: 'apk' },
});
const alerts = (...types: string[]) => ({
  alertsByPackage: [{ package: { name: 'musl' }, alerts: types.map((type) => ({ type, message: 'it is' })) }],
});

/** Documents of Grype. The names in `source` are types of github.com/anchore/grype: `grype/presenter/models` and `grype/vulnerability`. */
export const GRYPE: readonly Sample[] = [
  { source: 'Document: no matches', text: document([]), verdict: 'passes', facts: { total: 0 } },
  {
    source: 'Severity Negligible, Low and Medium',
    text: document([match('Negligible'), match('Low'), match('Medium', 'fixed')]),
    verdict: 'passes',
    facts: { negligible: 1, low: 1, medium: 1, fixable: 1 },
  },
  {
    source: 'Severity High',
    text: document([match('Low'), match('High')]),
    verdict: 'fails',
    facts: { high: 1 },
    lifts: ['matches.1'],
  },
  {
    source: 'Severity Critical, twice the same CVE',
    text: document([match('Critical'), match('Critical')]),
    verdict: 'fails',
    facts: { critical: 2, total: 2 },
  },
  {
    source: 'Severity Unknown: no source has one',
    text: document([match('Unknown')]),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['matches.0'],
  },
  {
    source: 'VulnerabilityMetadata: severity is left out where nothing is known (omitempty)',
    text: document([match()]),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'a severity of another tool',
    text: document([match('Moderate')]),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  { source: 'letter case', text: document([match('hIGH')]), verdict: 'fails', facts: { high: 1 } },
  {
    source: 'IgnoredMatch: counted apart',
    text: document([], {
      ignoredMatches: [{ ...match('High'), appliedIgnoreRules: [{ namespace: 'vex' }] }],
    }),
    verdict: 'passes',
    facts: { suppressed: 1, high: 0 },
  },
  {
    source: 'AlertTypeDistroEOL',
    text: document([], alerts('distro-eol')),
    verdict: 'fails',
    facts: { eosl: true },
    lifts: ['alertsByPackage.0.alerts.0'],
  },
  {
    source: 'AlertTypeDistroDisabled: nothing is matched there',
    text: document([], alerts('distro-disabled')),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['alertsByPackage.0.alerts.0'],
  },
  {
    source: 'newSource: metadata nil is unknown',
    text: document([], { source: { type: 'unknown', target: 'unknown' } }),
    verdict: 'says nothing',
  },
  { source: 'Document: source null', text: document([], { source: null }), verdict: 'says nothing' },
  {
    source: 'descriptor.db: a database that is not valid (schema 6)',
    text: document([], { descriptor: { ...descriptor, db: { status: { valid: false, error: 'too old' } } } }),
    verdict: 'says nothing',
  },
  {
    source: 'descriptor.db: an error (schema 5)',
    text: document([], { descriptor: { ...descriptor, db: { schemaVersion: 5, error: 'no checksum' } } }),
    verdict: 'says nothing',
  },
  {
    source: 'GRYPE_TIMESTAMP=false: an empty time',
    text: document([], { descriptor: { ...descriptor, timestamp: '' } }),
    verdict: 'passes',
  },
  {
    source: 'descriptor.timestamp is RFC 3339',
    text: document([], { descriptor: { ...descriptor, timestamp: 1_700_000_000 } }),
    verdict: 'is refused',
  },
  {
    source: 'ImageMetadata of another image',
    text: document([], { source: { type: 'image', target: { manifestDigest: `sha256:${'b'.repeat(64)}` } } }),
    verdict: 'is refused',
  },
  { source: 'matches null is no list', text: document(null), verdict: 'is refused' },
  {
    source: 'Syft’s JSON',
    text: json({ artifacts: [], descriptor: { name: 'syft' } }),
    verdict: 'is refused',
  },
  {
    source: 'Go reads members in any letter case',
    text: document([{ Vulnerability: { severity: 'High' } }]),
    verdict: 'is refused',
  },
];
