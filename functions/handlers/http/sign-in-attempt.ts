import type { SignInAttempt } from '../../ports/identity-provider.ts';
import { cookieIn, cookieName, dropCookie, type Site, sameSecret, setCookie } from './cookies.ts';

/** How long somebody may take to sign in. */
const SECONDS = 600;

/** Where the identity provider sends people back to: registered with it, so always this one. */
export const callbackOf = ({ url }: Site): string => `${url}/sign-in/callback`;

/** A sign-in under way, and where it goes on to. */
export type Begun = SignInAttempt & { readonly back: string | undefined };

/** A new sign-in, and the cookie by which its browser is known again: each has its own, so that two pages may sign in at once. */
export function begin(site: Site, unguessable: () => string, back: string | undefined) {
  const begun = {
    state: unguessable(),
    nonce: unguessable(),
    verifier: unguessable(),
    redirect_uri: callbackOf(site),
    back,
  };
  const { state, nonce, verifier } = begun;
  const value = [state, nonce, verifier, encodeURIComponent(back ?? '')].join('.');
  return { begun, cookie: setCookie(site, nameFor(state), value, SECONDS) };
}

/** The sign-in that came back with `state`, if this browser began it. */
export function begunWith(site: Site, cookies: readonly string[], given: string): Begun | undefined {
  if (!SECRET.test(given)) return undefined;
  const value = cookieIn(cookies, cookieName(site, nameFor(given))) ?? '';
  const [state = '', nonce = '', verifier = '', ...path] = value.split('.');
  if (!SECRET.test(nonce) || !SECRET.test(verifier) || !sameSecret(state, given)) return undefined;
  const back = ownPath(decoded(path.join('.')));
  return { state, nonce, verifier, redirect_uri: callbackOf(site), back };
}

/** Takes the cookie of a sign-in back, whatever came of it. */
export const forget = (site: Site, state: string): readonly string[] =>
  SECRET.test(state) ? [dropCookie(site, nameFor(state))] : [];

/**
 * A path of this site as it was given, or nothing: no host, no scheme, no second slash or backslash that a browser would read as one,
 * nothing encoded, and nothing that climbs.
 */
export function ownPath(given: string | undefined): string | undefined {
  if (given === undefined || !OWN_PATH.test(given)) return undefined;
  return given.split('/').some((part) => part === '..' || part === '.') ? undefined : given;
}

const OWN_PATH = /^(?:\/[A-Za-z0-9._~-]{1,200}){1,8}$/;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

const nameFor = (state: string): string => `sluice-sign-in-${state.slice(0, 8)}`;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
