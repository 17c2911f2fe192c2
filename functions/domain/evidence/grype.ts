import type { Digest } from '../digest.ts';
import { isInstant } from '../instant.ts';
import { isObject, type Members, textIn } from './read-json.ts';
import { aboutAnother, type Reading, type Unreadable } from './report.ts';
import { Misshapen, readShaped, shapeOf } from './shape.ts';

type Counts = {
  critical: number;
  high: number;
  medium: number;
  low: number;
  negligible: number;
  unknown: number;
};

/** What is read of a document and its parts; `encoding/json` reads these names in any letter case. */
const { whole, part, list } = shapeOf('Grype', [
  ...['matches', 'ignoredMatches', 'source', 'descriptor', 'alertsByPackage'],
  ...['vulnerability', 'severity', 'fix', 'state', 'alerts', 'type', 'target'],
  ...['name', 'timestamp', 'db', 'error', 'valid', 'status'],
  ...['repoDigests', 'manifestDigest', 'imageID', 'userInput'],
]);

/**
 * Grype's JSON document (`grype/presenter/models`). Every match counts; ignored ones are counted apart. A severity that is not one of
 * Grype's, or missing, is unknown, as are alerts of another kind than `distro-eol`: packages of a distribution that Grype does not
 * match have no findings whatever is in them. `eosl`: the distribution gets no advisories any more. A document without a source, or by a
 * vulnerability database that is not valid, says nothing. An image's document names the image it is about.
 */
export function readGrype(text: string, subject: Digest): Reading | Unreadable {
  return readShaped(text, (members) => readingOf(whole(members), subject));
}

function readingOf(members: Members, subject: Digest): Reading | Unreadable {
  const descriptor = part(members, 'descriptor');
  if (descriptor?.['name'] !== 'grype' || !Array.isArray(members['matches'])) {
    throw new Misshapen('the document is not a JSON document of Grype');
  }
  const source = part(members, 'source');
  if (isAboutAnother(source, subject)) return aboutAnother('another image');
  const counts: Counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
  let fixable = 0;
  for (const match of list(members, 'matches')) {
    const vulnerability = part(match, 'vulnerability') ?? {};
    counts[severityOf(vulnerability)] += 1;
    if (part(vulnerability, 'fix')?.['state'] === 'fixed') fixable += 1;
  }
  const { eosl, unmatched } = alertsIn(members);
  counts.unknown += unmatched;
  const { critical, high, medium, low, negligible, unknown } = counts;
  const problem = problemOf(source, descriptor);
  const result = {
    passed: problem === undefined && critical === 0 && high === 0 && unknown === 0 && !eosl,
    total: critical + high + medium + low + negligible + unknown,
    ...counts,
    ...(eosl ? { eosl } : {}),
    fixable,
    suppressed: list(members, 'ignoredMatches').length,
  };
  const made = madeAt(descriptor);
  return {
    result: problem === undefined ? result : { ...result, error: problem },
    ...(made === undefined ? {} : { produced_at: made }),
  };
}

function problemOf(source: Members | undefined, descriptor: Members): string | undefined {
  if (source === undefined || source['type'] === 'unknown') return 'nothing was scanned';
  const db = part(descriptor, 'db');
  if (db === undefined) return undefined;
  // The state of the database stands beside its details (schema 5) or in a member of its own (schema 6).
  const states = [db, part(db, 'status') ?? {}];
  const isInvalid = states.some(({ valid, error }) => !isNothing(error) || (valid ?? true) !== true);
  return isInvalid ? 'the vulnerability database is not valid' : undefined;
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Empty where no time was asked for (`GRYPE_TIMESTAMP=false`). */
function madeAt({ timestamp }: Members): string | undefined {
  if (timestamp === undefined || timestamp === '') return undefined;
  if (typeof timestamp === 'string' && isInstant(timestamp)) return timestamp;
  throw new Misshapen('descriptor.timestamp is no RFC 3339 instant');
}

/** Concerns about packages that are no vulnerabilities (`alertsByPackage`). */
function alertsIn(members: Members): { readonly eosl: boolean; readonly unmatched: number } {
  const types = list(members, 'alertsByPackage').flatMap((one) =>
    list(one, 'alerts').map((alert) => alert['type']),
  );
  const eosl = types.filter((type) => type === 'distro-eol').length;
  return { eosl: eosl > 0, unmatched: types.length - eosl };
}

/** An image is named by its manifest, its configuration, or a repository and a digest; other sources are a path or a name. */
function isAboutAnother(source: Members | undefined, subject: Digest): boolean {
  const target = source?.['target'];
  const image = isObject(target) ? whole(target) : {};
  const { repoDigests: repos, manifestDigest, imageID, userInput } = image;
  const names = [...(Array.isArray(repos) ? repos : []), manifestDigest, imageID, userInput, target];
  const digests = names.flatMap((name) => /sha256:[0-9a-f]{64}$/.exec(textIn(name) ?? '')?.[0] ?? []);
  return digests.length > 0 && !digests.includes(subject);
}

/** Words of `vulnerability.Severity`. */
function severityOf({ severity }: Members): keyof Counts {
  switch (textIn(severity)?.toLowerCase()) {
    case 'critical':
      return 'critical';
    case 'high':
      return 'high';
    case 'medium':
      return 'medium';
    case 'low':
      return 'low';
    case 'negligible':
      return 'negligible';
    default:
      return 'unknown';
  }
}
