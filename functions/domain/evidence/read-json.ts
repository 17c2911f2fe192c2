import { canonicalJson, type Json } from '../jcs.ts';
import { MAX_LEVELS, type Unreadable, unreadable } from './report.ts';

export type Members = { readonly [name: string]: unknown };

/** The JSON object in a text. Depth is measured before anything is built of it. */
export function readObject(text: string): { readonly members: Members } | Unreadable {
  if (deeperThan(text, MAX_LEVELS)) return unreadable('the document is nested too deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('the document is not JSON');
  }
  return isObject(value) ? { members: value } : unreadable('the document is not a JSON object');
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; anything else in it makes the list unknown (`undefined`). */
export function objectsIn(value: unknown): readonly Members[] | undefined {
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
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

/** Whether brackets nest deeper than so many levels; strings are skipped. One pass, no recursion. */
function deeperThan(text: string, levels: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === BRACE || code === BRACKET) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === BRACE_END || code === BRACKET_END) depth -= 1;
  }
  return false;
}

const [QUOTE, BACKSLASH, BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];
