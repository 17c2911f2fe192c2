import type { Change } from '../../domain/config-tree/diff.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import {
  isSensitive,
  plainEntry,
  type ShownEntry,
  shownEntry,
  shownSides,
} from '../../domain/config-tree/mask.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { readEntries } from '../../domain/config-tree/read-entry.ts';
import { keyedHash } from '../../domain/digest.ts';
import type { Deps } from '../deps.ts';

/** Entries of a tenant, masked where sensitive. */
export type Shower = {
  readonly nodes: Nodes;
  readonly chunkingKeys: Deps['chunkingKeys'];
  readonly tenant: string;
};

/** Entries, masked where sensitive; the tenant's chunking key is read only where something is masked. */
export async function shownEntries(
  { chunkingKeys, tenant }: Pick<Shower, 'chunkingKeys' | 'tenant'>,
  entries: readonly Entry[],
): Promise<readonly ShownEntry[]> {
  const plain = entries.flatMap((entry) => plainEntry(entry) ?? []);
  if (plain.length === entries.length) return plain;
  const keyed = keyedHash(await chunkingKeys.of(tenant));
  return entries.map((entry) => shownEntry(entry, keyed));
}

/** One entry, masked where sensitive. */
export async function shownOne(
  { chunkingKeys, tenant }: Pick<Shower, 'chunkingKeys' | 'tenant'>,
  entry: Entry,
): Promise<ShownEntry> {
  return plainEntry(entry) ?? shownEntry(entry, keyedHash(await chunkingKeys.of(tenant)));
}

/** A change with what either side holds. */
export type Sides<E> = Pick<Change, 'key'> & { readonly before: E | null; readonly after: E | null };

/** Changes with the entries of both sides, unmasked; long values are read in one round. For judging them, never for showing. */
export async function sidesOf(nodes: Nodes, changes: readonly Change[]): Promise<readonly Sides<Entry>[]> {
  const sides = changes.flatMap(({ key, before, after }) => [
    ...(before === null ? [] : [{ key, body: before }]),
    ...(after === null ? [] : [{ key, body: after }]),
  ]);
  const entries = (await readEntries(nodes, sides)).values();
  return changes.map(({ key, before, after }) => ({
    key,
    before: before === null ? null : (entries.next().value ?? null),
    after: after === null ? null : (entries.next().value ?? null),
  }));
}

/** Changes with the entries of both sides, masked where one of them is sensitive. */
export async function shownChanges(
  { nodes, chunkingKeys, tenant }: Shower,
  changes: readonly Change[],
): Promise<readonly Sides<ShownEntry>[]> {
  const all = await sidesOf(nodes, changes);
  const sensitive = all.some(({ before, after }) => isSensitive(before) || isSensitive(after));
  const keyed = sensitive ? keyedHash(await chunkingKeys.of(tenant)) : NEVER;
  return all.map(({ key, before, after }) => {
    const [was, is] = shownSides([before, after], keyed);
    return { key, before: was, after: is };
  });
}

/** Where nothing is sensitive, nothing is masked. */
export const NEVER = (): never => {
  throw new Error('nothing is masked without the salt of its tenant');
};
