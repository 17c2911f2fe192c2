import { type FlagKey, type FlagKeyType, opens, parseKey } from '../../domain/flags/flag-key.ts';
import { admits, parseTicket } from '../../domain/flags/stream-ticket.ts';
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
  return await opened(deps, presented, types, (key) => opens(key, presented));
}

/** The same for a stream of changes, by a key or by a ticket of one. */
export async function openStream(deps: OpenKeyDeps, text: string): Promise<OpenedKey | undefined> {
  const ticket = parseTicket(text);
  if (ticket === undefined) return await openKey(deps, text, STREAMED);
  const now = deps.clock.now();
  return await opened(deps, ticket, STREAMED, (key) => admits(key, ticket, now));
}

const STREAMED = ['server', 'browser'] as const;

async function opened(
  deps: OpenKeyDeps,
  { tenant, environment, id }: { readonly tenant: string; readonly environment: string; readonly id: string },
  types: readonly FlagKeyType[],
  fits: (key: FlagKey | undefined) => key is FlagKey,
): Promise<OpenedKey | undefined> {
  const now = deps.clock.now();
  const [key, head] = await Promise.all([
    deps.catalog.item(tenant, 'flag_key', id),
    headOf(deps, tenant, environment, now),
  ]);
  if (!fits(key) || !types.includes(key.type)) return undefined;
  await deps.flagKeyUses.note(tenant, id, now);
  return { tenant, key, head };
}
