import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { ChunkingKeys } from '../../ports/chunking-keys.ts';
import { badFields } from './issues.ts';

/** What a cursor belongs to: it is good for the same list of the same tenant only. */
export type CursorScope = {
  readonly tenant: string;
  readonly operation: string;
  readonly filter: { readonly [name: string]: string | undefined };
};

/** Whose secrets cursors are authenticated with. */
export type CursorDeps = { readonly chunkingKeys: ChunkingKeys };

/**
 * Wraps a store's position for callers: opaque, and authenticated (HMAC, RFC 2104) with the tenant's secret, so that nobody makes up a
 * position. It gives no right: whoever goes on reads by their own roles.
 */
export async function cursorOf(
  { chunkingKeys }: CursorDeps,
  position: string,
  scope: CursorScope,
): Promise<string> {
  const tag = tagOf(await chunkingKeys.of(scope.tenant), position, scope);
  return Buffer.concat([tag, Buffer.from(position, 'utf8')]).toString('base64url');
}

/** The position in a cursor, or the refusal that names it. */
export async function positionOf(
  { chunkingKeys }: CursorDeps,
  cursor: string,
  scope: CursorScope,
): Promise<{ readonly value: string } | Refusal> {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(LENGTH).toString('utf8');
  const tag = bytes.subarray(0, LENGTH);
  const known =
    tag.length === LENGTH &&
    timingSafeEqual(tag, tagOf(await chunkingKeys.of(scope.tenant), position, scope));
  return known
    ? { value: position }
    : badFields([{ field: 'cursor', problem: 'is not a cursor of this list' }]);
}

/** 128 bits of the tag: half of SHA-256, the least that RFC 2104 section 5 advises. */
const LENGTH = 16;

function tagOf(secret: Uint8Array, position: string, { tenant, operation, filter }: CursorScope): Buffer {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const about = canonicalJson([tenant, operation, Object.fromEntries(given), position.toWellFormed()]);
  return createHmac('sha256', secret).update(`sluice/cursor/v1\n${about}`).digest().subarray(0, LENGTH);
}
