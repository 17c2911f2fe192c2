/**
 * Keys of the tree: a type byte and the entry's key. The grammar is ASCII, so that the order of code units, the order
 * of UTF-8 bytes and the order of NFC forms are one: `<` on strings is the order of the tree.
 */
const GRAMMAR = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;
const TREE_KEY = /^[cf][A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;

export const ENTRY_KINDS = ['config', 'flag'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

const TYPE_BYTE = { config: 'c', flag: 'f' } as const;

/** Whether a text is a key of a config or a flag. */
export function isEntryKey(text: string): boolean {
  return GRAMMAR.test(text);
}

/** Whether a text is a key of the tree. */
export function isTreeKey(text: string): boolean {
  return TREE_KEY.test(text);
}

/** The place of an entry in the tree. `key` must match the grammar (`isEntryKey`). */
export function treeKey(kind: EntryKind, key: string): string {
  return TYPE_BYTE[kind] + key;
}

/** The kind and key that a tree key stands for. */
export function entryOfTreeKey(key: string): { readonly kind: EntryKind; readonly key: string } {
  return { kind: key.startsWith(TYPE_BYTE.config) ? 'config' : 'flag', key: key.slice(1) };
}

/** -1, 0 or 1 in the order of the tree. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** How many leading characters two keys share. */
export function sharedPrefix(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < end && a.charCodeAt(shared) === b.charCodeAt(shared)) shared += 1;
  return shared;
}
