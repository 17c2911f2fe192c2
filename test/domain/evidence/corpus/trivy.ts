import { json, type Sample } from './sample.ts';

const report = (results: unknown, more: object = {}) =>
  json({
    SchemaVersion: 2,
    CreatedAt: '2026-11-20T10:00:00.5Z',
    ArtifactName: 'app',
    ArtifactType: 'repository',
    ...(results === undefined ? {} : { Results: results }),
    ...more,
  });
const found = (Severity?: unknown) => ({
  VulnerabilityID: 'CVE-2026-0001',
  PkgName: 'musl',
  InstalledVersion: '1.1.22-r2',
  ...(Severity === undefined ? {} : { Severity }),
});
const vulnerable = (...severities: unknown[]) => [
  { Target: 'app (alpine 3.20.3)', Class: 'os-pkgs', Type: 'alpine', Vulnerabilities: severities.map(found) },
];
const clean = [{ Target: 'package-lock.json', Class: 'lang-pkgs', Type: 'npm' }];

/** Reports of Trivy. The names in `source` are pages of trivy.dev/docs and types of github.com/aquasecurity/trivy. */
export const TRIVY: readonly Sample[] = [
  { source: 'Reporting, JSON: a target without findings', text: report(clean), verdict: 'passes' },
  {
    source: 'Vulnerability, severity LOW and MEDIUM',
    text: report(vulnerable('LOW', 'MEDIUM')),
    verdict: 'passes',
  },
  {
    source: 'Vulnerability, severity HIGH',
    text: report(vulnerable('LOW', 'HIGH')),
    verdict: 'fails',
    facts: { high: 1, low: 1 },
    lifts: ['Results.0.Vulnerabilities.1'],
  },
  {
    source: 'Vulnerability, severity CRITICAL',
    text: report(vulnerable('CRITICAL')),
    verdict: 'fails',
    facts: { critical: 1 },
    lifts: ['Results.0.Vulnerabilities.0'],
  },
  {
    source: '--severity takes UNKNOWN, which ranks below LOW and means that no source has a severity',
    text: report(vulnerable('UNKNOWN')),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['Results.0.Vulnerabilities.0'],
  },
  {
    source: 'dbTypes.NewSeverity: letter case is a writer’s slip',
    text: report(vulnerable('High')),
    verdict: 'fails',
    facts: { high: 1 },
  },
  {
    source: 'dbTypes.NewSeverity, all lower case',
    text: report(vulnerable('critical')),
    verdict: 'fails',
    facts: { critical: 1 },
  },
  {
    source: 'DetectedVulnerability without its Severity',
    text: report(vulnerable(undefined)),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'DetectedVulnerability, Severity null',
    text: report(vulnerable(null)),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'a severity of another tool (Grype)',
    text: report(vulnerable('Negligible')),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'License scanning: category restricted is HIGH, forbidden CRITICAL',
    text: report([
      {
        Target: 'OS Packages',
        Class: 'license',
        Licenses: [
          { Severity: 'CRITICAL', Category: 'forbidden', PkgName: 'x', Name: 'AGPL-3.0', Confidence: 1 },
        ],
      },
    ]),
    verdict: 'fails',
    facts: { critical: 1 },
    lifts: ['Results.0.Licenses.0'],
  },
  {
    source: 'Secret scanning: an AWS key',
    text: report([
      {
        Target: '.env',
        Class: 'secret',
        Secrets: [{ RuleID: 'aws-access-key-id', Category: 'AWS', Severity: 'CRITICAL' }],
      },
    ]),
    verdict: 'fails',
    facts: { critical: 1 },
    lifts: ['Results.0.Secrets.0'],
  },
  {
    source: 'Misconfiguration: MisconfSummary, and Status PASS beside FAIL',
    text: report([
      {
        Target: 'Dockerfile',
        Class: 'config',
        Type: 'dockerfile',
        MisconfSummary: { Successes: 1, Failures: 1 },
        Misconfigurations: [
          { ID: 'DS002', Severity: 'HIGH', Status: 'PASS' },
          { ID: 'DS026', Severity: 'LOW', Status: 'FAIL' },
        ],
      },
    ]),
    verdict: 'passes',
    facts: { low: 1, total: 1 },
  },
  {
    source: 'MisconfSummary that counts failures which are not listed',
    text: report([{ Target: 'main.tf', Class: 'config', MisconfSummary: { Successes: 3, Failures: 2 } }]),
    verdict: 'fails',
    facts: { unknown: 2 },
    lifts: ['Results.0.MisconfSummary', 'Results.0.MisconfSummary.Failures'],
  },
  {
    source: 'fanal types.OS: EOSL, the operating system is past its support',
    text: report(clean, { Metadata: { OS: { Family: 'alpine', Name: '3.9.4', EOSL: true } } }),
    verdict: 'fails',
    facts: { eosl: true },
    lifts: ['Metadata', 'Metadata.OS', 'Metadata.OS.EOSL'],
  },
  {
    source: 'fanal types.OS: EOSL false',
    text: report(clean, { Metadata: { OS: { Family: 'alpine', EOSL: false } } }),
    verdict: 'passes',
  },
  {
    source: 'Go reads members in any letter case',
    text: report([{ Target: 'x', vulnerabilities: [found('CRITICAL')] }]),
    verdict: 'is refused',
  },
  {
    source: 'types.Report without Results: nothing was scanned',
    text: report(undefined),
    verdict: 'says nothing',
  },
  { source: 'Results null', text: report(null), verdict: 'says nothing' },
  {
    source: 'CreatedAt is RFC 3339, never a number',
    text: report(clean, { CreatedAt: 1_700_000_000 }),
    verdict: 'is refused',
  },
  { source: 'CreatedAt in words', text: report(clean, { CreatedAt: 'yesterday' }), verdict: 'is refused' },
  {
    source: 'SchemaVersion 1: a bare list (v0.19)',
    text: json([{ Target: 'x', Vulnerabilities: [] }]),
    verdict: 'is refused',
  },
];
