import type { Actor } from './principal.ts';

/**
 * Whether two actors are one person: the same subject id, else the same mailbox, else a machine and its owner,
 * or two machines of one owner. An owner is named by subject id or e-mail.
 */
export function samePerson(a: Actor, b: Actor): boolean {
  if (a.subject === b.subject) return true;
  if (a.email !== '' && folded(a.email) === folded(b.email)) return true;
  return owns(a.owner, b) || owns(b.owner, a) || sameOwner(a.owner, b.owner);
}

function owns(owner: string | undefined, actor: Actor): boolean {
  if (owner === undefined || owner === '') return false;
  return owner === actor.subject || folded(owner) === folded(actor.email);
}

function sameOwner(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== '' && folded(a) === folded(b);
}

/**
 * One text for every spelling of an address: case (upper before lower, so that `ß` and `SS` fold alike, as do the two small sigmas),
 * characters that cannot be seen, and what follows a plus before the `@`, which reaches the same mailbox (RFC 5233).
 */
function folded(text: string): string {
  const seen = text
    .trim()
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{DI}]/gu, '');
  return seen
    .replace(/^([^+@]+)\+[^@]*@/, '$1@')
    .toUpperCase()
    .toLowerCase();
}
