import { homeOf } from '../../domain/identity/home.ts';
import type { Grant } from '../../domain/identity/principal.ts';
import { formToken, nameOfSecret, SESSION_HOURS } from '../../domain/identity/session.ts';
import type { Directory } from '../../ports/directory.ts';
import type { BearerStores } from '../../ports/stores.ts';
import { cookieIn, cookieName, dropCookie, type Site, sameSecret, setCookie } from './cookies.ts';

/** The cookie of a session. */
const COOKIE = 'sluice';

/** A person signed in to the pages. */
export type SignedIn = {
  readonly subject: string;
  /** As the tenant of the oldest active membership has it; empty when no tenant knows the person any more. */
  readonly email: string;
  /** The tenant of the oldest active membership. */
  readonly tenant?: string;
  /** What that membership gives. */
  readonly grants: readonly Grant[];
  readonly groups: readonly string[];
  /** What forms carry as `csrf`. */
  readonly csrf: string;
};

export type SessionDeps = Pick<BearerStores, 'sessions'> & {
  readonly directory: Directory;
  readonly site: Site;
};

/** What tells whose session a request names. */
export type PageSessions = { readonly sessions: Pick<BearerStores['sessions'], 'find'>; readonly site: Site };

/** Whether a request names a session, be it a live one or not. */
export const namesSession = (site: Site, cookies: readonly string[]): boolean =>
  secretIn(site, cookies) !== undefined;

type Asking = { readonly cookies: readonly string[]; readonly now: string };

/** Whose session a request names, and what its writes carry; `undefined` when nobody is signed in there (any more). */
export async function sessionOf(
  deps: PageSessions,
  { cookies, now }: Asking,
): Promise<Pick<SignedIn, 'subject' | 'csrf'> | undefined> {
  const secret = secretIn(deps.site, cookies);
  if (secret === undefined) return undefined;
  const session = await deps.sessions.find(nameOfSecret(secret), now);
  return session === undefined ? undefined : { subject: session.subject, csrf: formToken(secret) };
}

/** Who sends a request, by its session cookie; `undefined` when nobody is signed in there (any more). Memberships are read fresh. */
export async function readSession(deps: SessionDeps, asking: Asking): Promise<SignedIn | undefined> {
  const session = await sessionOf(deps, asking);
  if (session === undefined) return undefined;
  const { subject, csrf } = session;
  const memberships = await deps.directory.membershipsOf(subject);
  const home = homeOf(memberships);
  return {
    subject,
    email: (home ?? memberships[0])?.email ?? '',
    ...(home === undefined ? {} : { tenant: home.tenant }),
    grants: home?.grants ?? [],
    groups: home?.groups ?? [],
    csrf,
  };
}

/** Whether a form was made for this session: what it carries as `csrf`. */
export const isOwnForm = ({ csrf }: SignedIn, given: string): boolean => sameSecret(csrf, given);

/** Opens a session for somebody who proved who they are; always under a new secret. Answers the cookie to set. */
export async function openSession(
  deps: Pick<BearerStores, 'sessions'> & { readonly site: Site; readonly unguessable: () => string },
  { subject, now }: { readonly subject: string; readonly now: string },
): Promise<string> {
  const secret = deps.unguessable();
  const expires = Date.parse(now) + SESSION_HOURS * 3_600_000;
  await deps.sessions.open({
    token_hash: nameOfSecret(secret),
    subject,
    created_at: now,
    expires_at: new Date(expires).toISOString(),
  });
  return setCookie(deps.site, COOKIE, secret, SESSION_HOURS * 3600);
}

/** Ends the session of a request, here and in the browser. Answers the cookie to set. */
export async function closeSession(
  deps: Pick<SessionDeps, 'sessions' | 'site'>,
  { cookies }: Pick<Asking, 'cookies'>,
): Promise<string> {
  const secret = secretIn(deps.site, cookies);
  if (secret !== undefined) await deps.sessions.close(nameOfSecret(secret));
  return dropCookie(deps.site, COOKIE);
}

/** Never looks up malformed tokens. */
function secretIn(site: Site, cookies: readonly string[]): string | undefined {
  const value = cookieIn(cookies, cookieName(site, COOKIE));
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
}
