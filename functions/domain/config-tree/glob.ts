/** Key characters and the wildcards `*` (any run of characters, dots and slashes too) and `?` (any one). */
const GLOB = /^[A-Za-z0-9._/*?-]{1,256}$/;

/** Whether a text is a pattern of keys. */
export function isGlob(text: string): boolean {
  return GLOB.test(text);
}

/** What every match begins with. */
export function literalPrefix(glob: string): string {
  const wildcard = glob.search(/[*?]/);
  return wildcard === -1 ? glob : glob.slice(0, wildcard);
}

/**
 * Whether a pattern matches a whole key. Only the last `*` is ever tried again, so the work is at most the product of both lengths:
 * a hostile pattern cannot stall it as it can a regular expression.
 */
export function globMatches(glob: string, key: string): boolean {
  let at = 0;
  let pattern = 0;
  let star = -1;
  let resume = 0;
  while (at < key.length) {
    const wanted = glob[pattern];
    if (wanted === '*') {
      star = pattern;
      resume = at;
      pattern += 1;
    } else if (wanted === '?' || wanted === key[at]) {
      pattern += 1;
      at += 1;
    } else if (star !== -1) {
      resume += 1;
      at = resume;
      pattern = star + 1;
    } else return false;
  }
  while (glob[pattern] === '*') pattern += 1;
  return pattern === glob.length;
}
