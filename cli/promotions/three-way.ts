import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../functions/domain/jcs.ts';

/** A value on one side; `undefined` is one that is not there. */
export type Side = Json | undefined;

/** What two changes of one value come to, or the paths at which both changed it to something else. */
export type Merged = { readonly value: Side } | { readonly conflicts: readonly string[] };

/**
 * Merges two changes of one value: what only one side changed is taken from there, objects member by member. Lists and plain values
 * are whole: changed on both sides to different ones, they are a conflict.
 */
export function mergeThree(base: Side, mine: Side, theirs: Side, path: string): Merged {
  if (isDeepStrictEqual(mine, theirs) || isDeepStrictEqual(base, theirs)) return { value: mine };
  if (isDeepStrictEqual(base, mine)) return { value: theirs };
  if (!isObject(base) || !isObject(mine) || !isObject(theirs)) return { conflicts: [path] };
  const members: [string, Json][] = [];
  const conflicts: string[] = [];
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const one = mergeThree(at(base, name), at(mine, name), at(theirs, name), `${path}: ${name}`);
    if ('conflicts' in one) conflicts.push(...one.conflicts);
    else if (one.value !== undefined) members.push([name, one.value]);
  }
  return conflicts.length > 0 ? { conflicts } : { value: Object.fromEntries(members) };
}

type Members = { readonly [name: string]: Json };
const isObject = (value: Side): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: Members, name: string): Side => (Object.hasOwn(value, name) ? value[name] : undefined);
