/** A `.env` text: its names and values in order, or what is wrong with a line. */
export type EnvText =
  | { readonly pairs: readonly (readonly [name: string, value: string])[] }
  | { readonly problem: string };

/**
 * Reads `NAME=value` lines. Quotes are as in a shell: 'single' ones hold what they say, "double" ones know \n, \r, \t and \ before
 * any other sign, and both may go over several lines. Outside of quotes `#` begins a comment at the start of a value or after a
 * space. `export` before a name is allowed. Goes through the text once.
 */
export function parseEnv(text: string): EnvText {
  const pairs: (readonly [string, string])[] = [];
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let line = 1;
  for (let at = 0; at < source.length; ) {
    const end = endOfLine(source, at);
    const head = source.slice(at, end);
    if (BLANK.test(head)) {
      at = end + 1;
      line += 1;
      continue;
    }
    const name = NAME.exec(head)?.groups?.['name'];
    if (name === undefined) return { problem: `line ${line} is not NAME=value` };
    const read = valueAt(source, at + head.indexOf('=') + 1, end);
    if ('problem' in read) return { problem: `line ${line} ${read.problem}` };
    pairs.push([name, read.value]);
    line += source.slice(at, read.end).split('\n').length;
    at = read.end + 1;
  }
  return { pairs };
}

/** A text as the value of a line that `parseEnv` reads back to the sign. */
export function quotedEnv(value: string): string {
  const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped.replaceAll('\t', '\\t')}"`;
}

const BLANK = /^\s*(?:#.*)?\r?$/s;
const NAME = /^[^\S\n]*(?:export[^\S\n]+)?(?<name>[A-Za-z0-9][A-Za-z0-9._/-]{0,255})[^\S\n]*=/;
const ESCAPES: { readonly [escaped: string]: string } = { n: '\n', r: '\r', t: '\t' };

type Read = { readonly value: string; readonly end: number } | { readonly problem: string };

/** The value that begins after `=`, and the end of its last line. */
function valueAt(source: string, from: number, end: number): Read {
  const given = source.slice(from, end);
  const start = from + given.length - given.trimStart().length;
  const quote = source[start];
  if (start < end && (quote === '"' || quote === "'")) return quotedAt(source, start, quote);
  const comment = commentIn(given);
  return { value: given.slice(0, comment).trim(), end };
}

/** Where a comment begins: at the first `#` that nothing or a space is before. */
function commentIn(given: string): number {
  for (let at = given.indexOf('#'); at >= 0; at = given.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(given[at - 1] ?? '')) return at;
  }
  return given.length;
}

function quotedAt(source: string, start: number, quote: string): Read {
  let value = '';
  let from = start + 1;
  for (let at = from; at < source.length; at += 1) {
    const sign = source[at];
    if (sign === quote) {
      const end = endOfLine(source, at);
      if (!BLANK.test(source.slice(at + 1, end))) return { problem: 'has text after its closing quote' };
      return { value: value + source.slice(from, at), end };
    }
    if (sign !== '\\' || quote === "'") continue;
    const escaped = source[at + 1] ?? '';
    value += source.slice(from, at) + (ESCAPES[escaped] ?? escaped);
    at += 1;
    from = at + 1;
  }
  return { problem: 'has a quote that is never closed' };
}

function endOfLine(source: string, from: number): number {
  const found = source.indexOf('\n', from);
  return found < 0 ? source.length : found;
}
