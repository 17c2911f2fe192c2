import type { Actor } from './principal.ts';

/**
 * Whether two actors are one person: the same subject id, else the same e-mail but for case, else a machine and its owner,
 * or two machines of one owner. An owner is named by subject id or e-mail.
 */
export function samePerson(a: Actor, b: Actor): boolean {
  if (a.subject === b.subject) return true;
  if (a.email !== '' && foldCase(a.email) === foldCase(b.email)) return true;
  return owns(a.owner, b) || owns(b.owner, a) || sameOwner(a.owner, b.owner);
}

function owns(owner: string | undefined, actor: Actor): boolean {
  if (owner === undefined || owner === '') return false;
  return owner === actor.subject || foldCase(owner) === foldCase(actor.email);
}

function sameOwner(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== '' && foldCase(a) === foldCase(b);
}

/** Upper before lower: `ß` and `SS` fold alike, as do the two small sigmas. */
function foldCase(text: string): string {
  return text.trim().normalize('NFKC').toUpperCase().toLowerCase();
}
