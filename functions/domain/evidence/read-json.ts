import { canonicalJson, type Json } from '../jcs.ts';
import { deeperThan, repeatedMember } from '../json-text.ts';
import { MAX_LEVELS, type Unreadable, unreadable } from './report.ts';

export type Members = { readonly [name: string]: unknown };

/** The JSON object in a text. Depth is measured before anything is built of it; no object of it may have a member twice. */
export function readObject(text: string): { readonly members: Members } | Unreadable {
  if (deeperThan(text, MAX_LEVELS)) return unreadable('the document is nested too deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('the document is not JSON');
  }
  if (!isObject(value)) return unreadable('the document is not a JSON object');
  const repeated = repeatedMember(text);
  if (repeated !== undefined) return unreadable(`the member ${repeated.slice(0, 64)} is repeated`);
  return { members: value };
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; anything else in it makes the list unknown (`undefined`). */
export function objectsIn(value: unknown): readonly Members[] | undefined {
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

/**
 * A member whose name is a known one in another letter case; `known` maps lower case to the right spelling. Readers that pass over
 * case (Go's `encoding/json`) take it for that member, so nobody may pass over it.
 */
export function oddlySpelled(members: Members, known: ReadonlyMap<string, string>): string | undefined {
  return Object.keys(members).find((name) => (known.get(name.toLowerCase()) ?? name) !== name);
}

export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Whether a value has a canonical form, so that a digest can be made of it. */
export function isJson(value: unknown): value is Json {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}
