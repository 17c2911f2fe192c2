import { isObject, type Members, objectsIn, oddlySpelled, readObject } from './read-json.ts';
import { type Reading, type Unreadable, unreadable } from './report.ts';

/** Why a document is not of its format; `readShaped` answers it as a value. */
export class Misshapen extends Error {
  override readonly name = 'Misshapen';
}

/** Reads a JSON document; what `reader` finds misshapen is `Unreadable`. */
export function readShaped(
  text: string,
  reader: (members: Members) => Reading | Unreadable,
): Reading | Unreadable {
  const read = readObject(text);
  if ('unreadable' in read) return read;
  try {
    return reader(read.members);
  } catch (error) {
    if (error instanceof Misshapen) return unreadable(error.message);
    throw error;
  }
}

/** How the objects of a tool's documents are taken apart. Each throws `Misshapen`. */
export type Shape = {
  /** The object, once no member is a known one in another letter case: a reader in Go would take it for that one. */
  readonly whole: (members: Members) => Members;
  /** A member that is an object; undefined where it is null or not there. */
  readonly part: (members: Members, name: string) => Members | undefined;
  /** A member that is a list of objects; empty where it is null or not there, as Go writes an empty one. */
  readonly list: (members: Members, name: string) => readonly Members[];
};

/** The shape of documents in which `names` are read. */
export function shapeOf(tool: string, names: readonly string[]): Shape {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const whole = (members: Members): Members => {
    const odd = oddlySpelled(members, known);
    if (odd === undefined) return members;
    throw new Misshapen(`${odd} is spelled in another letter case than ${tool}'s`);
  };
  return {
    whole,
    part(members, name) {
      const part = members[name];
      if (part === undefined || part === null) return undefined;
      if (!isObject(part)) throw new Misshapen(`${name} is no object`);
      return whole(part);
    },
    list(members, name) {
      const list = objectsIn(members[name] ?? []);
      if (list === undefined) throw new Misshapen(`${name} is no list of objects`);
      return list.map(whole);
    },
  };
}
