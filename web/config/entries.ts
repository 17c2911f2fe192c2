import * as z from 'zod/mini';
import {
  deleteConfig,
  deleteFlag,
  getConfig,
  getFlag,
  getSnapshot,
  listConfigs,
  listFlags,
  listRevisions,
  putConfig,
  putFlag,
} from '../../functions/contract/config-entries.ts';
import type { EntryView } from '../../functions/contract/config-entry-shapes.ts';
import { ask } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';

export type Kind = EntryView['kind'];

/** A page of an environment's configs or flags. */
export type Entries = {
  readonly items: readonly EntryView[];
  readonly revision: number;
  readonly next: string | null;
};

/** Entries on a page. */
const PAGE = 100;

/** Reads a page of entries, those of a prefix only when one is given. */
export async function readEntries(
  env: string,
  kind: Kind,
  { prefix, cursor }: { readonly prefix: string; readonly cursor: string | undefined },
  signal: AbortSignal,
): Promise<Outcome<Entries>> {
  const query = {
    limit: PAGE,
    ...(prefix === '' ? {} : { prefix }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const found = await ask(kind === 'config' ? listConfigs : listFlags, { at: { env }, query, signal });
  if (!found.ok) return found;
  const { items, revision, nextCursor } = found.value;
  return { ok: true, value: { items, revision, next: nextCursor } };
}

/** One entry as it is now, and the tag of its version. */
export async function readEntry(
  env: string,
  kind: Kind,
  key: string,
): Promise<Outcome<{ readonly entry: EntryView; readonly tag: string | undefined }>> {
  const found = await ask(kind === 'config' ? getConfig : getFlag, { at: { env, key } });
  return found.ok ? { ok: true, value: { entry: found.value.entry, tag: found.etag } } : found;
}

/** What a person wrote, as the API takes it. */
export type Written = { readonly value: unknown } | { readonly flag: Flag };
export type Flag = {
  readonly enabled: boolean;
  readonly variants: object;
  readonly defaultVariant: string;
  readonly targeting?: unknown;
};

/** Writes an entry over the version that the person saw; one that is another by now is not overwritten. */
export async function writeEntry(
  env: string,
  key: string,
  written: Written,
  { tag, reason }: { readonly tag: string | undefined; readonly reason: string },
): Promise<Outcome<unknown>> {
  const why = reason === '' ? {} : { reason };
  const ifMatch = tag;
  if ('flag' in written) {
    const body = z.parse(putFlag.body, { ...written.flag, ...why });
    return ask(putFlag, { at: { env, key }, body, ifMatch });
  }
  const body = z.parse(putConfig.body, { value: written.value, ...why });
  return ask(putConfig, { at: { env, key }, body, ifMatch });
}

/** Deletes an entry in the version that the person saw. */
export const deleteEntry = (
  env: string,
  kind: Kind,
  key: string,
  { tag, reason }: { readonly tag: string | undefined; readonly reason: string },
): Promise<Outcome<unknown>> =>
  ask(kind === 'config' ? deleteConfig : deleteFlag, {
    at: { env, key },
    body: reason === '' ? {} : { reason },
    ifMatch: tag,
  });

type Revision = z.infer<NonNullable<typeof listRevisions.response>>['items'][number];

/** Revisions that are looked through for who changed a key. */
const LATEST = 50;

/** The newest revision that names a key among what it changed; `undefined` where none of the latest does. */
export async function lastChangeOf(env: string, key: string): Promise<Revision | undefined> {
  const found = await ask(listRevisions, { at: { env }, query: { limit: LATEST } });
  return found.ok ? found.value.items.find(({ changes }) => changes?.keys.includes(key)) : undefined;
}

/** A page of everything that an environment holds, by key. */
export async function readEverything(
  env: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Outcome<{ readonly items: readonly EntryView[]; readonly next: string | null }>> {
  const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  const found = await ask(getSnapshot, { at: { env }, query, signal });
  if (!found.ok) return found;
  const { entries, nextCursor } = found.value;
  return { ok: true, value: { items: entries, next: nextCursor } };
}
