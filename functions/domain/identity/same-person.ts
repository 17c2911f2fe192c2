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
 * Returns one text for every spelling of an address: case (upper before lower, so that `ß` and `SS` fold alike, as do the two small sigmas),
 * characters that cannot be seen, what follows a plus before the `@`, which reaches the same mailbox (RFC 5233), quotes around the local
 * part (RFC 5321 section 4.1.2), and the domain's dot at the end and form: Unicode or ASCII (UTS 46).
 */
function folded(text: string): string {
  const seen = text
    .trim()
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{DI}]/gu, '');
  const at = seen.lastIndexOf('@');
  if (at < 0) return cased(seen);
  const local = seen.slice(0, at).replace(/^"(.*)"$/, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1'));
  return `${cased(local.replace(/^([^+]+)\+.*$/, '$1'))}@${domainOf(seen.slice(at + 1))}`;
}

const cased = (text: string): string => text.toUpperCase().toLowerCase();

/** A domain in ASCII as browsers make it, in any scheme that has domains; one that is none as it is written. */
function domainOf(text: string): string {
  const domain = text.replace(/\.+$/, '');
  const url = `ftp://${domain}`;
  const isName = /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) && URL.canParse(url);
  return isName ? new URL(url).hostname : cased(domain);
}
