/** Ends a switch over a union: a case that is missing does not compile, a value of no known case is a programming fault. */
export function unreachable(value: never): never {
  throw new TypeError(`no case for ${JSON.stringify(value)}`);
}
