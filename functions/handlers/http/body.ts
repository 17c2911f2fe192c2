import { type Endpoint, MAX_BODY } from '../../contract/endpoint.ts';
import { canonicalJson, NotCanonical } from '../../domain/jcs.ts';
import { repeatedMember } from '../../domain/json-text.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Call } from './event.ts';
import { badFields } from './issues.ts';
import { problemReply, type Reply } from './reply.ts';

/** Levels of nesting a body may have: far above any message, far below what recursion can bear. */
const MAX_DEPTH = 64;

/**
 * The JSON value of a body and its canonical text; an absent body is `{}`. Refuses what is not JSON, what is nested too
 * deep, what repeats a member, and what has no canonical form (lone surrogates, integers beyond 2^53-1), since digests are made of it
 * later; with `anyNumber` that is taken too, and its canonical text is empty.
 */
export function readJson(
  text: string,
  anyNumber = false,
): { readonly value: unknown; readonly canonical: string } | Refusal {
  if (text.trim() === '') return { value: {}, canonical: '{}' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('invalid_request', 'the body is not JSON', {
      errors: [{ field: 'body', problem: 'is not JSON' }],
    });
  }
  if (deeperThan(value, MAX_DEPTH)) return badFields([{ field: 'body', problem: 'is nested too deep' }]);
  const repeated = repeatedMember(text);
  if (repeated !== undefined) {
    return badFields([
      { field: 'body', problem: `repeats the member ${repeated.slice(0, 64)}: name it once` },
    ]);
  }
  try {
    return { value, canonical: canonicalJson(value) };
  } catch (error) {
    if (error instanceof NotCanonical && anyNumber && !holdsPrototype(value)) return { value, canonical: '' };
    if (error instanceof NotCanonical) return badFields([{ field: 'body', problem: error.message }]);
    throw error;
  }
}

/** Whether a value has more levels than allowed; walks without recursion, as the depth is the caller's choice. */
function deeperThan(value: unknown, levels: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

/** Whether a member is called `__proto__`: schemas drop it. What is no deeper than `MAX_DEPTH` may be walked by recursion. */
function holdsPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsPrototype);
}

/** The problem of a body that is too long, or not said to be JSON; `undefined` when it is neither. */
export function unfitBody(call: Call, { max_body = MAX_BODY, form, yaml }: Endpoint): Reply | undefined {
  if (Buffer.byteLength(call.body) > max_body) {
    return problemReply('payload_too_large', `a body is at most ${max_body} bytes here`, call.requestId, {
      max_bytes: max_body,
    });
  }
  const type = call.headers['content-type'];
  if (call.body === '' || type === undefined || JSON_TYPE.test(type)) return undefined;
  if ((form && isForm(call)) || (yaml && isYaml(call))) return undefined;
  const types = yaml ? 'application/json or application/yaml' : 'application/json';
  return problemReply('unsupported_media_type', `a body is ${types} here`, call.requestId);
}

/** Whether a body is the form of a page. */
export const isForm = ({ headers }: Pick<Call, 'headers'>): boolean =>
  FORM_TYPE.test(headers['content-type'] ?? '');

/** Whether a body is YAML (RFC 9512), by its type or the names before that. */
export const isYaml = ({ headers }: Pick<Call, 'headers'>): boolean =>
  YAML_TYPE.test(headers['content-type'] ?? '');

/** The fields of a form as a body; of one given twice the last counts, as in no page of ours is there one. */
export function readForm(text: string): ReturnType<typeof readJson> {
  return readJson(JSON.stringify(Object.fromEntries(new URLSearchParams(text))));
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const YAML_TYPE = /^(?:application|text)\/(?:x-)?yaml\s*(?:;|$)/i;
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;
