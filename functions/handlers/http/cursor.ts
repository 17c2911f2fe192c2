import { digestOfBytes } from '../../domain/digest.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { badFields } from './issues.ts';

/** What a cursor belongs to: it is good for the same list of the same tenant only. */
export type CursorScope = {
  readonly tenant: string;
  readonly operation: string;
  readonly filter: { readonly [name: string]: string | undefined };
};

/**
 * Wraps a store's position for callers: opaque, and bound to its list by a checksum.
 * The checksum has no key: it catches accidents and cursors of other lists. Forging one gains nothing, since a store
 * reads a position only inside the tenant and list it is asked for.
 */
export function cursorOf(position: string, scope: CursorScope): string {
  return Buffer.from(`${checksum(position, scope)}${position}`, 'utf8').toString('base64url');
}

/** The position in a cursor, or the refusal that names it. */
export function positionOf(cursor: string, scope: CursorScope): { readonly value: string } | Refusal {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const position = text.slice(LENGTH);
  if (text.slice(0, LENGTH) === checksum(position, scope)) return { value: position };
  return badFields([{ field: 'cursor', problem: 'is not a cursor of this list' }]);
}

const LENGTH = 16;

function checksum(position: string, { tenant, operation, filter }: CursorScope): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const about = canonicalJson([tenant, operation, Object.fromEntries(given), position.toWellFormed()]);
  return digestOfBytes(`cursor\n${about}`).slice('sha256:'.length, 'sha256:'.length + LENGTH);
}
