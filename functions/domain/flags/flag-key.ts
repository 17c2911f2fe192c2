import { type Digest, digestOfBytes } from '../digest.ts';
import { isId } from '../ids.ts';

/** `server`: programs that may know everything. `browser`: is public, and answers only its origins. `scrape`: reads metrics, no flags. */
export const FLAG_KEY_TYPES = ['server', 'browser', 'scrape'] as const;
export type FlagKeyType = (typeof FLAG_KEY_TYPES)[number];

/** What a client reads one environment's flags with. Its secret is shown once and kept as a digest. */
export type FlagKey = {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly type: FlagKeyType;
  /** Origins of pages that may read the answers, e.g. `https://app.acme.com`; of type `browser` alone. */
  readonly allowed_origins: readonly string[];
  readonly secret_digest: Digest;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

/** A key as it is sent: where it opens stands in clear, so that key and flags are read in one round. */
export type PresentedKey = {
  readonly tenant: string;
  readonly environment: string;
  readonly id: string;
  readonly secret: string;
};

/** By which scanners of published secrets know one. */
const PREFIX = 'sluice-key';
/** In no id, and in what RFC 6750 lets a bearer token be. */
const SEPARATOR = '~';
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The text of a key: `sluice-key~<tenant>~<environment>~<id>~<secret>`. */
export function keyText({ tenant, environment, id, secret }: PresentedKey): string {
  return [PREFIX, tenant, environment, id, secret].join(SEPARATOR);
}

/** Whether a credential claims to be a key, well-formed or not. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith(`${PREFIX}${SEPARATOR}`);
}

/** The parts of a key; `undefined` for what cannot be one. */
export function parseKey(text: string): PresentedKey | undefined {
  const [prefix, tenant = '', environment = '', id = '', secret = '', ...more] = text.split(SEPARATOR);
  const whole = prefix === PREFIX && more.length === 0 && SECRET.test(secret);
  return whole && [tenant, environment, id].every(isId) ? { tenant, environment, id, secret } : undefined;
}

/** What is kept of a secret: it has 256 random bits, so a plain hash cannot be searched. */
export function secretDigest(secret: string): Digest {
  return digestOfBytes(`sluice/flag-key/v1\n${secret}`);
}

/** Whether a presented key is this one. Digests are compared, so time tells nothing of the secret. */
export function opens(key: FlagKey | undefined, { environment, secret }: PresentedKey): key is FlagKey {
  return key !== undefined && key.environment === environment && key.secret_digest === secretDigest(secret);
}

/** Whether a page of an origin may read what a key opens; what comes from no page has no origin. */
export function allowsOrigin({ type, allowed_origins }: FlagKey, origin: string | undefined): boolean {
  return origin === undefined || (type === 'browser' && allowed_origins.includes(origin));
}

/** Whether a text is an origin of pages: `https`, or this machine, without a path (RFC 6454). */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return origin === text && (protocol === 'https:' || (protocol === 'http:' && local));
}
