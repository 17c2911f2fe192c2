import type { Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Directory } from '../../ports/directory.ts';
import { sameSecret } from './cookies.ts';
import type { Call } from './event.ts';
import { identifyMember, UNAUTHENTICATED } from './identity.ts';
import { type PageSessions, sessionOf } from './session.ts';

/** What a page sends with every write: the token of its session, which no other site can read. */
export const CSRF_HEADER = 'x-csrf-token';

/**
 * Who calls from a page, by the session cookie of the pages; tokens and signatures count for nothing here, as no gateway looked at them.
 * A browser sends the cookie whoever's page asks it to, so a write also needs our own `Origin` and the session's token.
 */
export async function identifyPage(
  call: Call,
  directory: Directory,
  pages: PageSessions,
  now: string,
): Promise<Principal | Refusal | typeof UNAUTHENTICATED> {
  const session = await sessionOf(pages, { cookies: call.cookies, now });
  if (session === undefined) return UNAUTHENTICATED;
  if (!isOwnPage(call, pages, session.csrf)) {
    return refuse(
      'not_authorized',
      'this request did not come from a page of this session: reload the page and try again',
    );
  }
  return identifyMember(call, session.subject, directory);
}

function isOwnPage({ method, headers }: Call, { site }: PageSessions, csrf: string): boolean {
  if (method === 'GET' || method === 'HEAD') return isAskedHere(headers['sec-fetch-site']);
  if (headers['origin'] !== new URL(site.url).origin) return false;
  return sameSecret(csrf, headers[CSRF_HEADER] ?? '');
}

/** Browsers say which site's page makes a request (Fetch Metadata); those that do not say so still keep the answer from it. */
const isAskedHere = (from: string | undefined): boolean =>
  from === undefined || from === 'same-origin' || from === 'none';
