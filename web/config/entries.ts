import * as z from 'zod/mini';
import {
  deleteConfig,
  deleteFlag,
  getConfig,
  getFlag,
  listConfigs,
  listFlags,
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

/** Deletes an entry. */
export const deleteEntry = (
  env: string,
  kind: Kind,
  key: string,
  reason: string,
): Promise<Outcome<unknown>> =>
  ask(kind === 'config' ? deleteConfig : deleteFlag, {
    at: { env, key },
    body: reason === '' ? {} : { reason },
  });
