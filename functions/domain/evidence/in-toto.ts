import type { Digest } from '../digest.ts';
import { isInstant } from '../instant.ts';
import { canonicalJson } from '../jcs.ts';
import { isFacts } from './json.ts';
import { isObject, type Members, objectsIn, textIn } from './read-json.ts';
import { aboutAnother, MAX_RESULT, type Reading, type Unreadable, unreadable } from './report.ts';
import { Misshapen, readShaped, shapeOf } from './shape.ts';
import { readSummary } from './verification-summary.ts';

/** Version 1 of the statement, and the one before it, in which most tools still put these predicates. */
const STATEMENTS = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'];
const PROVENANCE = 'https://slsa.dev/provenance/v1';
const SUMMARY = 'https://slsa.dev/verification_summary/v1';

const { whole, part, list } = shapeOf('in-toto', [
  ...['_type', 'subject', 'digest', 'sha256', 'predicateType', 'predicate', 'buildDefinition', 'runDetails'],
  ...['buildType', 'externalParameters', 'resolvedDependencies', 'builder', 'id', 'metadata'],
  ...['startedOn', 'finishedOn', 'verifier', 'timeVerified', 'resourceUri', 'policy', 'uri'],
  ...['verificationResult', 'verifiedLevels'],
]);

/**
 * An in-toto statement about the subject, by its predicate. SLSA provenance v1 says who built it from what and nothing on whether that is
 * good, so by itself it never passes: a gate's thresholds name the builder. A SLSA verification summary v1 passes where its verifier says
 * PASSED. Unset, null and empty are one (parsing rules of SLSA provenance).
 */
export function readInToto(text: string, subject: Digest): Reading | Unreadable {
  return readShaped(text, (members) => readingOf(whole(members), subject));
}

function readingOf(statement: Members, subject: Digest): Reading | Unreadable {
  const { _type, predicateType } = statement;
  if (!STATEMENTS.some((known) => known === _type))
    throw new Misshapen('the document is no in-toto statement');
  if (!subjectsOf(statement).includes(subject)) return aboutAnother('another digest');
  const predicate = part(statement, 'predicate');
  if (predicate === undefined) throw new Misshapen('the statement has no predicate');
  switch (predicateType) {
    case PROVENANCE:
      return readProvenance(predicate);
    case SUMMARY:
      return readSummary(predicate, { whole, part, list });
    default:
      throw new Misshapen(`predicateType is neither ${PROVENANCE} nor ${SUMMARY}`);
  }
}

function subjectsOf(statement: Members): readonly string[] {
  const subjects = objectsIn(statement['subject']);
  if (subjects === undefined || subjects.length === 0) throw new Misshapen('the statement has no subject');
  return subjects.map((one) => {
    const digests = part(whole(one), 'digest');
    if (digests === undefined) throw new Misshapen('a subject has no digest');
    return `sha256:${textIn(digests['sha256']) ?? ''}`;
  });
}

/** Fields that SLSA Build L1 requires are required here. */
function readProvenance(predicate: Members): Reading | Unreadable {
  const [definition, run] = [part(predicate, 'buildDefinition'), part(predicate, 'runDetails')];
  const builder = textIn(part(run ?? {}, 'builder')?.['id']) ?? '';
  const build_type = textIn(definition?.['buildType']) ?? '';
  const parameters = definition?.['externalParameters'];
  if (definition === undefined || builder === '' || build_type === '' || !isObject(parameters)) {
    throw new Misshapen(
      'the provenance lacks runDetails.builder.id, buildDefinition.buildType or externalParameters',
    );
  }
  const result = {
    passed: false,
    predicate: 'provenance',
    builder,
    build_type,
    external_parameters: parameters,
    dependencies: list(definition, 'resolvedDependencies').length,
  };
  if (!isFacts(result)) throw new Misshapen('externalParameters has no canonical form');
  if (canonicalJson(result).length > MAX_RESULT) {
    return unreadable(`the provenance has more than ${MAX_RESULT} characters of facts`);
  }
  const made = instantIn(part(run ?? {}, 'metadata') ?? {});
  return made === undefined ? { result } : { result, produced_at: made };
}

/** When the build ended, or began where its end is not given. */
function instantIn({ finishedOn, startedOn }: Members): string | undefined {
  const made = finishedOn ?? startedOn ?? undefined;
  if (made === undefined || made === '') return undefined;
  if (typeof made === 'string' && isInstant(made)) return made;
  throw new Misshapen('finishedOn or startedOn is no RFC 3339 instant');
}
