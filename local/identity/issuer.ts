import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, type JWTVerifyGetKey, SignJWT } from 'jose';
import type { UserPool } from '../cloudformation/user-pools.ts';
import type { Functions } from '../lambda/functions.ts';
import { localRegion } from '../surroundings.ts';
import type { Person } from './demo-people.ts';
import type { SigningKeyPair } from './signing-key.ts';
import { applyTrigger, type TokenClaims, triggerEvent } from './token-trigger.ts';

/** Seconds that a token is good for. */
const lifetime = 3600;

const scopes = ['openid', 'email', 'profile'];

/** The tokens of one sign-in. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/** The local OpenID Connect issuer, in the place of a Cognito user pool. */
export interface Issuer {
  readonly url: string;
  readonly people: readonly Person[];
  readonly keys: JWTVerifyGetKey;
  /** The discovery document and key set, by path below the issuer's URL; undefined for other paths. */
  document(path: string): unknown;
  /** Signs tokens for a person as Cognito does, through the token trigger; `nonce` goes into the ID token. Undefined for somebody unknown. */
  mint(email: string, nonce?: string): Promise<Tokens | undefined>;
}

/** Where the issuer of a runtime is, below the URL of its HTTP server. */
export const issuerUrl = (httpUrl: string): string => `${httpUrl}/_local/oidc`;

export function createIssuer(
  url: string,
  pool: UserPool,
  key: SigningKeyPair,
  people: readonly Person[],
  functions: Functions,
  /** Milliseconds that the clock of the functions runs ahead: they judge ID tokens, the gateway judges access tokens. */
  clock?: Float64Array,
): Issuer {
  const jwks = { keys: [key.publicJwk] };
  const seconds = (ahead = 0) => Math.floor((Date.now() + ahead) / 1000);
  const sign = (claims: TokenClaims, now: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.publicJwk.kid })
      .setIssuer(url)
      .setIssuedAt(now)
      .setJti(randomUUID())
      .setExpirationTime(now + lifetime)
      .sign(key.privateKey);
  return {
    url,
    people,
    keys: createLocalJWKSet(jwks),
    document(path) {
      if (path === '/.well-known/openid-configuration') return discovery(url);
      return path === '/.well-known/jwks.json' ? jwks : undefined;
    },
    async mint(email, nonce) {
      const person = people.find((candidate) => candidate.email === email);
      if (person === undefined) return undefined;
      const { access, id } = await claimsOf(person, pool, functions, seconds());
      return {
        access_token: await sign(access, seconds()),
        id_token: await sign(nonce === undefined ? id : { ...id, nonce }, seconds(clock?.[0])),
        token_type: 'Bearer',
        expires_in: lifetime,
      };
    },
  };
}

async function claimsOf(person: Person, pool: UserPool, functions: Functions, now: number) {
  const common = {
    sub: person.user_id,
    origin_jti: randomUUID(),
    auth_time: now,
    event_id: randomUUID(),
  };
  const access: TokenClaims = {
    ...common,
    token_use: 'access',
    version: 2,
    client_id: pool.clientId,
    username: person.user_id,
    scope: scopes.join(' '),
  };
  const id: TokenClaims = {
    ...common,
    token_use: 'id',
    aud: pool.clientId,
    email: person.email,
    email_verified: true,
    'cognito:username': person.user_id,
  };
  if (pool.tokenTrigger === undefined) return { access, id };
  const result = await functions.invoke(pool.tokenTrigger, triggerEvent(person, pool, localRegion, scopes));
  if (!result.ok)
    throw new Error(`The token trigger failed: ${result.error.errorType}: ${result.error.errorMessage}`);
  return applyTrigger({ access, id }, result.payload);
}

/** What signing in by code grant and verifying a token take. */
function discovery(url: string): Record<string, unknown> {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: scopes,
    claims_supported: ['sub', 'email', 'email_verified'],
  };
}
