import type { ConditionFacts } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import { isInstant } from '../instant.ts';
import { canonicalJson } from '../jcs.ts';
import { isJson, readObject } from './read-json.ts';
import { aboutAnother, MAX_RESULT, type Reading, type Unreadable, unreadable } from './report.ts';

/**
 * Plain JSON: an object of facts as thresholds name them. `passed` is a boolean where it is given; `subject_digest`, where it is given,
 * is what the report is about; `produced_at` when it was made.
 */
export function readJsonReport(text: string, subject: Digest): Reading | Unreadable {
  const read = readObject(text);
  if ('unreadable' in read) return read;
  const { members } = read;
  if (!isFacts(members)) return unreadable('the document has numbers or texts without a canonical form');
  const { passed, subject_digest, produced_at } = members;
  if (Object.keys(members).length === 0) return unreadable('the document is empty');
  if (passed !== undefined && typeof passed !== 'boolean') return unreadable('passed is not a boolean');
  if (subject_digest !== undefined && subject_digest !== subject) return aboutAnother('another digest');
  if (produced_at !== undefined && !(typeof produced_at === 'string' && isInstant(produced_at))) {
    return unreadable('produced_at is no RFC 3339 instant');
  }
  if (canonicalJson(members).length > MAX_RESULT) {
    return unreadable(`the document has more than ${MAX_RESULT} characters of facts`);
  }
  return produced_at === undefined ? { result: members } : { result: members, produced_at };
}

/** Whether every member has a canonical form. */
export function isFacts(members: { readonly [name: string]: unknown }): members is ConditionFacts {
  return isJson(members);
}
