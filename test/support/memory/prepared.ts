import type { Key } from '../../../functions/adapters/dynamodb/key-parts.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import type { MemoryMap } from './memory-map.ts';

/** What one write would touch, whether its condition holds, and how to do it. */
export type Prepared = { readonly keys: readonly Key[]; readonly holds: boolean; readonly apply: () => void };

export type WriteOf<Kind extends Write['write']> = Extract<Write, { readonly write: Kind }>;

/** A write that only creates. */
export function creation<T>(cells: MemoryMap<T>, key: Key, value: T): Prepared {
  return {
    keys: [key],
    holds: cells.get(key) === undefined,
    apply: () => cells.set(key, value),
  };
}

/** A write over the version the writer saw; 0 means there must be none. */
export function replacement<T extends { readonly version: number }>(
  cells: MemoryMap<T>,
  key: Key,
  value: T,
  expected: number,
): Prepared {
  return {
    keys: [key],
    holds: (cells.get(key)?.version ?? 0) === expected,
    apply: () => cells.set(key, value),
  };
}

/** A removal of the version the writer saw. */
export function removal(
  cells: Pick<MemoryMap<{ readonly version: number }>, 'get' | 'delete'>,
  key: Key,
  expected: number,
): Prepared {
  return {
    keys: [key],
    holds: (cells.get(key)?.version ?? 0) === expected,
    apply: () => cells.delete(key),
  };
}
