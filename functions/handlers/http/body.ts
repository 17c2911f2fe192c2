import { canonicalJson, NotCanonical } from '../../domain/jcs.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { badFields } from './issues.ts';

/** Levels of nesting a body may have: far above any message, far below what recursion can bear. */
const MAX_DEPTH = 64;

/**
 * The JSON value of a body and its canonical text; an absent body is `{}`. Refuses what is not JSON, what is nested too
 * deep, and what has no canonical form (lone surrogates, integers beyond 2^53-1), since digests are made of it later.
 */
export function readJson(text: string): { readonly value: unknown; readonly canonical: string } | Refusal {
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
  try {
    return { value, canonical: canonicalJson(value) };
  } catch (error) {
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
