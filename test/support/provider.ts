import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { oidcProvider } from '../../functions/adapters/oidc/identity-provider.ts';
import type { EgressRequest, EgressResult } from '../../functions/ports/egress.ts';
import type { IdentityProvider } from '../../functions/ports/identity-provider.ts';

export const ISSUER = 'https://id.sluice.test';
export const CLIENT = 'client';

type Asked = {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirect: string;
  readonly sub: string;
};
type Claims = Record<string, unknown>;

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** An identity provider behind the real client: `codes` are what it has granted, `answer` speaks its protocol. */
export class TestIssuer {
  readonly codes = new Map<string, Asked>();
  /** Replaces claims of the next ID tokens. */
  claims: Claims = {};
  key: KeyObject = pair.privateKey;
  readonly requests: EgressRequest[] = [];
  readonly #now: () => string;

  constructor(now: () => string) {
    this.#now = now;
  }

  /** What a person does at the provider: the code that the browser brings back. */
  grant(address: string, sub: string): { readonly code: string; readonly state: string } {
    const asked = new URL(address).searchParams;
    const code = `code-${this.codes.size + 1}`;
    this.codes.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? '',
      redirect: asked.get('redirect_uri') ?? '',
      sub,
    });
    return { code, state: asked.get('state') ?? '' };
  }

  async sign(claims: Claims): Promise<string> {
    const seconds = Math.floor(Date.parse(this.#now()) / 1000);
    return new SignJWT({
      iss: ISSUER,
      aud: CLIENT,
      iat: seconds,
      exp: seconds + 3600,
      token_use: 'id',
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(this.key);
  }

  async send(request: EgressRequest): Promise<EgressResult> {
    this.requests.push(request);
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return answered({
          issuer: ISSUER,
          authorization_endpoint: `${ISSUER}/authorize`,
          token_endpoint: `${ISSUER}/token`,
          jwks_uri: `${ISSUER}/keys`,
        });
      case '/keys':
        return answered({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' }] });
      default:
        return this.#redeem(new URLSearchParams(request.body));
    }
  }

  async #redeem(form: URLSearchParams): Promise<EgressResult> {
    const asked = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (asked?.challenge !== challenge || asked.redirect !== form.get('redirect_uri')) {
      return answered({ error: 'invalid_grant' }, 400);
    }
    return answered({ id_token: await this.sign({ sub: asked.sub, nonce: asked.nonce, ...this.claims }) });
  }
}

const answered = (json: unknown, status = 200): EgressResult => ({
  result: 'answered',
  status,
  headers: {},
  body: JSON.stringify(json),
  truncated: false,
});

/** The real client in front of an issuer. */
export function providerOf(issuer: TestIssuer, now: () => string): IdentityProvider {
  return oidcProvider({
    client: { issuer: ISSUER, clientId: CLIENT, scopes: ['openid', 'email'] },
    egress: issuer,
    now: () => Date.parse(now()),
  });
}
