import type { Digest } from '../digest.ts';
import { isObject, type Members, objectsIn, readObject, textIn } from './read-json.ts';
import { aboutAnother, type Reading, type Unreadable, unreadable } from './report.ts';

type Counts = { critical: number; high: number; medium: number; low: number; unknown: number };

/** Lists of findings in a target. Trivy leaves empty ones out, so an absent list is an empty one. */
const FINDINGS = ['Vulnerabilities', 'Misconfigurations', 'Secrets'] as const;

/**
 * Trivy's JSON report, SchemaVersion 2. Every occurrence counts: one CVE in two packages or targets is two findings. A severity that
 * is not one of Trivy's is unknown. A report without any target says nothing. An image's report names the image it is about.
 */
export function readTrivy(text: string, subject: Digest): Reading | Unreadable {
  const read = readObject(text);
  if ('unreadable' in read) return read;
  const { members } = read;
  if (members['SchemaVersion'] !== 2 || typeof members['ArtifactName'] !== 'string') {
    return unreadable('the document is not a Trivy report of SchemaVersion 2');
  }
  if (isAboutAnother(members, subject)) return aboutAnother('another image');
  const absent = members['Results'] === undefined || members['Results'] === null;
  const targets = absent ? [] : objectsIn(members['Results']);
  if (targets === undefined) return unreadable('Results is no list');
  const counts: Counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  let fixable = 0;
  for (const target of targets) {
    for (const kind of FINDINGS) {
      const found = target[kind] ?? [];
      const findings = objectsIn(found);
      if (findings === undefined) return unreadable(`${kind} is no list`);
      for (const finding of findings) {
        if (kind === 'Misconfigurations' && finding['Status'] === 'PASS') continue;
        counts[severityOf(finding)] += 1;
        if ((textIn(finding['FixedVersion']) ?? '') !== '') fixable += 1;
      }
    }
  }
  const { critical, high, medium, low, unknown } = counts;
  const result = {
    passed: targets.length > 0 && critical === 0 && high === 0,
    total: critical + high + medium + low + unknown,
    ...counts,
    fixable,
    targets: targets.length,
    artifact: members['ArtifactName'].slice(0, 512),
  };
  const created = textIn(members['CreatedAt']);
  return {
    result: targets.length > 0 ? result : { ...result, error: 'nothing was scanned' },
    ...(created === undefined ? {} : { produced_at: created }),
  };
}

/** An image is named by the digests of its repositories or by its own id; other artifacts name no digest. */
function isAboutAnother({ Metadata: metadata, ArtifactName }: Members, subject: Digest): boolean {
  const { RepoDigests: repos, ImageID } = isObject(metadata) ? metadata : {};
  const names = [...(Array.isArray(repos) ? repos : []), ImageID, ArtifactName];
  const digests = names.flatMap((name) => /sha256:[0-9a-f]{64}$/.exec(textIn(name) ?? '')?.[0] ?? []);
  return digests.length > 0 && !digests.includes(subject);
}

function severityOf({ Severity }: Members): keyof Counts {
  switch (Severity) {
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
