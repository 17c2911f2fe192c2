import { type FlagKey, type FlagKeyType, opens, parseKey } from '../../domain/flags/flag-key.ts';
import type { Head } from '../../domain/subject.ts';
import { headOf } from '../config/tree.ts';
import type { Deps } from '../deps.ts';

export type OpenKeyDeps = Pick<Deps, 'catalog' | 'heads' | 'flagKeyUses' | 'clock'>;

/** Whose environment a key opens, and its flags as they are now. */
export type OpenedKey = { readonly tenant: string; readonly key: FlagKey; readonly head: Head };

/** What a presented key opens; `undefined` when it is none, was revoked, or is of another type. Key and head are read in one round. */
export async function openKey(
  deps: OpenKeyDeps,
  text: string,
  types: readonly FlagKeyType[],
): Promise<OpenedKey | undefined> {
  const presented = parseKey(text);
  if (presented === undefined) return undefined;
  const { tenant, environment, id } = presented;
  const now = deps.clock.now();
  const [key, head] = await Promise.all([
    deps.catalog.item(tenant, 'flag_key', id),
    headOf(deps, tenant, environment, now),
  ]);
  if (!opens(key, presented) || !types.includes(key.type)) return undefined;
  await deps.flagKeyUses.note(tenant, id, now);
  return { tenant, key, head };
}
