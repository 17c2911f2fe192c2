/** The decoded parts of a path below `/web/`: none at home. */
export const partsOf = (given: string): readonly string[] => given.split('/').slice(2).map(decoded);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The path of a page by its parts. */
export const pathTo = (...parts: readonly string[]): string =>
  `/web/${parts.map(encodeURIComponent).join('/')}`;
