/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const PROTOTYPE = '__proto__';

/** A value that has no canonical JSON form: a programming fault or hostile input, never a refusal. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
}

/**
 * The canonical JSON text of a value (RFC 8785, JSON Canonicalization Scheme).
 *
 * Members are sorted by UTF-16 code units (RFC 8785 section 3.2.3), numbers and strings are written as
 * ECMAScript's JSON.stringify writes them (sections 3.2.2.2 and 3.2.2.3).
 * Stricter than the RFC where it leaves room for two readers to disagree: throws `NotCanonical` on
 * `undefined`, NaN, infinities, lone surrogates, integers beyond 2^53-1, members called `__proto__` (many readers drop them, some
 * replace an object's prototype by them) and anything that is not plain JSON.
 */
export function canonicalJson(value: unknown): string {
  if (isInOrder(value)) {
    const text = JSON.stringify(value);
    // Only a lone surrogate, or a backslash before a text like it, is written so.
    if (!text.includes('\\ud')) return text;
  }
  return canonical(value);
}

/**
 * Whether every object in a value has its members in canonical order, and everything but strings a canonical form. Then `JSON.stringify`
 * writes that form, several times as fast; what is read back from storage mostly is so.
 */
function isInOrder(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number')
    return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isInOrder) && !hasHoles(value);
  if (typeof value !== 'object' || !isPlain(value)) return false;
  let before = '';
  for (const key of Object.keys(value)) {
    if (key < before || key === PROTOTYPE || !isInOrder(value[key])) return false;
    before = key;
  }
  return true;
}

/** `every` passes over what was never set. */
function hasHoles(value: readonly unknown[]): boolean {
  return value.length > 0 && Object.keys(value).length < value.length;
}

function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${Array.from(value, canonical).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${canonicalName(key)}:${canonical(member)}`).join(',')}}`;
  }
  throw new NotCanonical(`${typeof value} has no canonical JSON form`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new NotCanonical(`${value} is not a JSON number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new NotCanonical(`${value} is beyond 2^53-1: send it as a string`);
  }
  return JSON.stringify(value);
}

function canonicalName(key: string): string {
  if (key === PROTOTYPE) throw new NotCanonical('a member is called __proto__: rename it');
  return canonicalString(key);
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new NotCanonical('a string holds a lone surrogate');
  return JSON.stringify(value);
}

function isPlain(value: object): value is { readonly [name: string]: unknown } {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
