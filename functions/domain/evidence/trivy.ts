import type { Digest } from '../digest.ts';
import { isInstant } from '../instant.ts';
import { isObject, type Members, objectsIn, oddlySpelled, readObject, textIn } from './read-json.ts';
import { aboutAnother, type Reading, type Unreadable, unreadable } from './report.ts';

type Counts = { critical: number; high: number; medium: number; low: number; unknown: number };

/** Lists of findings in a target (`types.Result`). Trivy leaves empty ones out, so an absent list is an empty one. */
const FINDINGS = ['Vulnerabilities', 'Misconfigurations', 'Secrets', 'Licenses'] as const;

/** What is read of a report, a target and its summary: Trivy itself reads these names in any letter case, so another spelling is refused. */
const READ = new Map(
  [
    ...[
      'SchemaVersion',
      'CreatedAt',
      'ArtifactName',
      'Metadata',
      'Results',
      'OS',
      'EOSL',
      'RepoDigests',
      'ImageID',
    ],
    ...FINDINGS,
    ...['MisconfSummary', 'Failures', 'Severity', 'Status', 'FixedVersion'],
  ].map((name) => [name.toLowerCase(), name]),
);

/** Why reading stops; never leaves this file. */
class NotTrivy extends Error {
  override readonly name = 'NotTrivy';
}

/**
 * Trivy's JSON report, SchemaVersion 2. Every occurrence counts: one CVE in two packages or targets is two findings. A severity that
 * is not one of Trivy's, or missing, is unknown; so are failures that a summary counts beyond the list. `eosl`: the operating system
 * gets no advisories any more, so absent findings mean nothing. A report without any target says nothing. An image's report names
 * the image it is about.
 */
export function readTrivy(text: string, subject: Digest): Reading | Unreadable {
  const read = readObject(text);
  if ('unreadable' in read) return read;
  try {
    return readingOf(read.members, subject);
  } catch (error) {
    if (error instanceof NotTrivy) return unreadable(error.message);
    throw error;
  }
}

function readingOf(members: Members, subject: Digest): Reading | Unreadable {
  wellSpelled(members);
  const { SchemaVersion, ArtifactName, CreatedAt } = members;
  if (SchemaVersion !== 2 || typeof ArtifactName !== 'string') {
    throw new NotTrivy('the document is not a Trivy report of SchemaVersion 2');
  }
  const metadata = members['Metadata'] ?? {};
  if (!isObject(metadata)) throw new NotTrivy('Metadata is no object');
  wellSpelled(metadata);
  if (isAboutAnother(metadata, ArtifactName, subject)) return aboutAnother('another image');
  if (CreatedAt !== undefined && !(typeof CreatedAt === 'string' && isInstant(CreatedAt))) {
    throw new NotTrivy('CreatedAt is no RFC 3339 instant');
  }
  const targets = listIn(members, 'Results');
  const counts: Counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  let fixable = 0;
  for (const target of targets) fixable += countTarget(target, counts);
  const { critical, high, medium, low, unknown } = counts;
  const eosl = isPastSupport(metadata);
  const result = {
    passed: targets.length > 0 && critical === 0 && high === 0 && unknown === 0 && !eosl,
    total: critical + high + medium + low + unknown,
    ...counts,
    ...(eosl ? { eosl } : {}),
    fixable,
    targets: targets.length,
    artifact: ArtifactName.slice(0, 512),
  };
  return {
    result: targets.length > 0 ? result : { ...result, error: 'nothing was scanned' },
    ...(CreatedAt === undefined ? {} : { produced_at: CreatedAt }),
  };
}

/** Counts what was found in a target, and returns how many of it have a fix. */
function countTarget(target: Members, counts: Counts): number {
  wellSpelled(target);
  let fixable = 0;
  let failures = 0;
  for (const kind of FINDINGS) {
    for (const finding of listIn(target, kind)) {
      wellSpelled(finding);
      if (kind === 'Misconfigurations') {
        if (finding['Status'] === 'PASS') continue;
        failures += 1;
      }
      counts[severityOf(finding)] += 1;
      if ((textIn(finding['FixedVersion']) ?? '') !== '') fixable += 1;
    }
  }
  counts.unknown += Math.max(0, summarized(target) - failures);
  return fixable;
}

/** Failures as a target's summary has them: what is counted there and not listed was found, and nobody knows how grave it is. */
function summarized({ MisconfSummary: summary }: Members): number {
  if (summary === undefined || summary === null) return 0;
  if (!isObject(summary)) throw new NotTrivy('MisconfSummary is no object');
  wellSpelled(summary);
  const { Failures: failures = 0 } = summary;
  if (typeof failures !== 'number' || !Number.isSafeInteger(failures) || failures < 0) {
    throw new NotTrivy('MisconfSummary.Failures is no count');
  }
  return failures;
}

function listIn(members: Members, name: string): readonly Members[] {
  const list = objectsIn(members[name] ?? []);
  if (list === undefined) throw new NotTrivy(`${name} is no list of objects`);
  return list;
}

function wellSpelled(members: Members): void {
  const odd = oddlySpelled(members, READ);
  if (odd !== undefined) throw new NotTrivy(`${odd} is spelled in another letter case than Trivy's`);
}

/** Whether the operating system is past its support. Absent: it is not, or it has none (`omitempty`). */
function isPastSupport({ OS: os }: Members): boolean {
  if (os === undefined || os === null) return false;
  if (!isObject(os)) throw new NotTrivy('Metadata.OS is no object');
  wellSpelled(os);
  const { EOSL: eosl } = os;
  return eosl !== undefined && eosl !== false;
}

/** An image is named by the digests of its repositories or by its own id; other artifacts name no digest. */
function isAboutAnother(
  { RepoDigests: repos, ImageID: id }: Members,
  artifact: string,
  subject: Digest,
): boolean {
  const names = [...(Array.isArray(repos) ? repos : []), id, artifact];
  const digests = names.flatMap((name) => /sha256:[0-9a-f]{64}$/.exec(textIn(name) ?? '')?.[0] ?? []);
  return digests.length > 0 && !digests.includes(subject);
}

function severityOf({ Severity }: Members): keyof Counts {
  switch (textIn(Severity)?.toUpperCase()) {
    case 'CRITICAL':
      return 'critical';
    case 'HIGH':
      return 'high';
    case 'MEDIUM':
      return 'medium';
    case 'LOW':
      return 'low';
    default:
      return 'unknown';
  }
}
