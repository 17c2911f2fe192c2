/** A challenge of `WWW-Authenticate` (RFC 9110 section 11.6.1): the scheme in lower case, and its parameters. */
export type Challenge = { readonly scheme: string; readonly parameters: ReadonlyMap<string, string> };

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

/** Reads the challenges of a header in one pass. Quoted strings may hold commas and escaped quotes. */
export function challengesIn(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const skip = (signs: string) => {
    while (at < header.length && signs.includes(header.charAt(at))) at += 1;
  };
  const word = () => {
    const start = at;
    while (at < header.length && TOKEN.test(header.charAt(at))) at += 1;
    return header.slice(start, at);
  };
  while (at < header.length) {
    skip(' \t,');
    const name = word();
    if (name === '') break;
    skip(' \t');
    if (header.charAt(at) !== '=') {
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
      continue;
    }
    at += 1;
    skip(' \t');
    const value = header.charAt(at) === '"' ? quoted() : word();
    challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return challenges;

  function quoted(): string {
    let text = '';
    at += 1;
    while (at < header.length && header.charAt(at) !== '"') {
      if (header.charAt(at) === '\\') at += 1;
      text += header.charAt(at);
      at += 1;
    }
    at += 1;
    return text;
  }
}
