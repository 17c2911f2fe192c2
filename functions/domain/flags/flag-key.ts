import * as z from 'zod/mini';
import { type Digest, digestOfBytes } from '../digest.ts';
import { DigestText, EnvironmentName, Instant, Line } from '../fields.ts';
import { isId } from '../ids.ts';
import { type Item, noun, type Said } from '../noun.ts';

export const FLAG_KEY_TYPES = ['server', 'browser', 'scrape'] as const;
export type FlagKeyType = (typeof FLAG_KEY_TYPES)[number];

/** What a client reads the flags or the metrics of one environment with. Its secret is shown once and kept as a digest. */
export const flagKey = noun({
  input: {
    name: Line.check(z.describe('What people call it.')),
    environment: EnvironmentName.check(z.describe('The environment that it opens.')),
    type: z
      .enum(FLAG_KEY_TYPES)
      .check(
        z.describe(
          '`server`: for programs that may know everything. `browser`: is public, and answers its origins alone. `scrape`: reads metrics, no flags.',
        ),
      ),
    allowed_origins: z
      ._default(z.array(z.string().check(z.maxLength(256))).check(z.maxLength(20)), [])
      .check(
        z.describe(
          'Origins of the pages that use a key of the type `browser`, such as `https://app.acme.com`.',
        ),
      ),
  },
  managed: { id: z.string().check(z.describe('Its id.')) },
  internal: { secret_digest: DigestText },
  computed: {
    last_used_at: z
      .nullable(Instant)
      .check(z.describe('When it was last used, to the hour; `null`: not yet.')),
  },
});

export interface FlagKey extends Item<typeof flagKey> {}

/** What a new key is made of; its id and its secret are made at the edge. */
export interface FlagKeyFields extends Said<typeof flagKey>, Pick<FlagKey, 'id' | 'secret_digest'> {}

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
