import { createHash } from 'node:crypto';
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { Fault } from '../../domain/faults.ts';
import type { Egress } from '../../ports/egress.ts';
import type { IdentityProvider, SignInClient } from '../../ports/identity-provider.ts';
import { ask, document, KeySet, Metadata } from './metadata.ts';

export type ProviderSettings = {
  readonly client: SignInClient;
  readonly egress: Egress;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/** How long keys are used before they are read again, and how soon an unknown key may make them be read again. */
const KEYS_MS = { fresh: 3_600_000, again: 30_000 } as const;

/** Algorithms of signatures with a public key: never `none`, never one whose key would be the client's secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

const Tokens = z.object({ id_token: z.string() });

/** A provider found by discovery. Its description and keys are kept for the life of the function. */
export function oidcProvider({ client, egress, now }: ProviderSettings): IdentityProvider {
  const { issuer, clientId, scopes } = client;
  let described: Metadata | undefined;
  let kept: { readonly set: KeySet; readonly at: number } | undefined;

  async function metadata(): Promise<Metadata> {
    if (described !== undefined) return described;
    const found = await document(egress, `${issuer}/.well-known/openid-configuration`, Metadata);
    if (found.issuer !== issuer) throw new Fault('Unavailable', 'the identity provider names another issuer');
    described = found;
    return found;
  }

  async function keys(maxAge: number): Promise<KeySet> {
    if (kept !== undefined && now() - kept.at < maxAge) return kept.set;
    kept = { set: await document(egress, (await metadata()).jwks_uri, KeySet), at: now() };
    return kept.set;
  }

  /** The claims of a token of this provider that lives now; `undefined` for any other text. */
  async function claims(token: string, maxAge: number = KEYS_MS.fresh): Promise<JWTPayload | undefined> {
    const { keys: jwks } = await keys(maxAge);
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: jwks }), {
        issuer,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now()),
      });
      return payload;
    } catch (error) {
      // A key made since: the keys are read once more.
      if (error instanceof errors.JWKSNoMatchingKey && maxAge > KEYS_MS.again) {
        return claims(token, KEYS_MS.again);
      }
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  return {
    client,

    async address({ state, nonce, verifier, redirect_uri }) {
      const url = new URL((await metadata()).authorization_endpoint);
      const asked = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri,
        scope: scopes.join(' '),
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      return url.href;
    },

    async redeem(code, { nonce, verifier, redirect_uri }) {
      const form = {
        grant_type: 'authorization_code',
        client_id: clientId,
        code,
        redirect_uri,
        code_verifier: verifier,
      };
      const { status, json } = await ask(egress, {
        method: 'POST',
        url: (await metadata()).token_endpoint,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(form).toString(),
      });
      const tokens = Tokens.safeParse(json);
      if (status !== 200 || !tokens.success) return undefined;
      const found = await claims(tokens.data.id_token);
      if (found === undefined || !isIdentity(found) || found['nonce'] !== nonce) return undefined;
      return found.sub;
    },

    async subjectOf(token) {
      const found = await claims(token);
      return found !== undefined && isAccess(found) ? found.sub : undefined;
    },
  };

  /** An ID token names its client as audience; providers other than Cognito have no `token_use`. */
  function isIdentity({ aud, token_use }: JWTPayload): boolean {
    return (token_use === undefined || token_use === 'id') && [aud].flat().includes(clientId);
  }

  /** An access token of Cognito has no audience and names its client. */
  function isAccess({ aud, client_id, token_use }: JWTPayload): boolean {
    return token_use === 'access' && aud === undefined && client_id === clientId;
  }
}
