import { repeatedMember } from '../functions/domain/json-text.ts';
import { misused } from './failure.ts';

/** What a text of JSON holds; `undefined` where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same of what a person wrote. A member that is there twice is wrong usage: one of the two would be lost. */
export function typedJson(text: string): unknown {
  const read = jsonOf(text);
  const twice = read === undefined ? undefined : repeatedMember(text);
  if (twice !== undefined) throw misused(`${twice} is there twice in one object`);
  return read;
}

/** A value as JSON. A number beyond all that JSON has is wrong usage: it would become null. */
export function textOfJson(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) => {
    if (typeof member !== 'number' || Number.isFinite(member)) return member;
    throw misused(`${name === '' ? 'the value' : name} is not a number that JSON has: send it as a text`);
  });
}
