import { timingSafeEqual } from 'node:crypto';

/** The value of a cookie. Of two with one name, as somebody else's page on a neighbouring name could set, none counts. */
export function cookieIn(cookies: readonly string[], name: string): string | undefined {
  const found = cookies.filter((cookie) => cookie.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}

/** Where people reach the pages. */
export type Site = {
  /** Without a slash at the end. */
  readonly url: string;
};

/**
 * A cookie that only this site can set and read: no script, no request of another site but a followed link, no sub-domain (the prefix
 * `__Host-` demands Secure, and no Domain). On plain HTTP, which is one machine only, browsers take neither prefix nor Secure.
 */
export function setCookie(site: Site, name: string, value: string, seconds: number): string {
  const secure = isSecure(site) ? '; Secure' : '';
  return `${cookieName(site, name)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

/** Takes a cookie back. */
export const dropCookie = (site: Site, name: string): string => setCookie(site, name, '', 0);

/** The name that a cookie has on this site. */
export const cookieName = (site: Site, name: string): string => (isSecure(site) ? `__Host-${name}` : name);

const isSecure = ({ url }: Site): boolean => url.startsWith('https://');

/** Whether two texts are the same, in a time that does not tell how far they are. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
