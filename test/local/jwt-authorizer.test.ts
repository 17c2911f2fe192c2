import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { authorizeJwt } from '../../local/http-api/jwt-authorizer.ts';

const issuer = 'http://127.0.0.1:8888/_local/oidc';
const good = await generateKeyPair('RS256');
const foreign = await generateKeyPair('RS256');
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(good.publicKey)), kid: 'k', alg: 'RS256' }] });
const rule = { issuer, audience: ['client'], scopes: [], keys };
const now = Math.floor(Date.now() / 1000);
const claims = { iss: issuer, sub: 'me', client_id: 'client', iat: now, exp: now + 60 };

async function bearer(payload: JWTPayload, key = good.privateKey): Promise<string> {
  return `Bearer ${await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(key)}`;
}

describe('the JWT authorizer', () => {
  it('hands the claims on as text, lists as [a b]', async () => {
    const token = await bearer({
      ...claims,
      roles: ['developer', 'promoter'],
      verified: true,
      nested: { b: [1, 2], a: 'x' },
      none: null,
    });
    const verdict = await authorizeJwt(token, rule);
    expect(verdict).toEqual({
      allowed: true,
      authorizer: {
        jwt: {
          claims: {
            iss: issuer,
            sub: 'me',
            client_id: 'client',
            iat: String(now),
            exp: String(now + 60),
            roles: '[developer promoter]',
            verified: 'true',
            nested: 'map[a:x b:[1 2]]',
            none: '<nil>',
          },
          scopes: null,
        },
      },
    });
  });

  it('takes aud before client_id', async () => {
    expect(await authorizeJwt(await bearer({ ...claims, aud: ['other', 'client'] }), rule)).toMatchObject({
      allowed: true,
    });
    expect(await authorizeJwt(await bearer({ ...claims, aud: 'other' }), rule)).toMatchObject({
      allowed: false,
    });
  });

  it.each([
    ['another issuer', { ...claims, iss: 'http://elsewhere' }],
    ['another client', { ...claims, client_id: 'other' }],
    ['expired', { ...claims, exp: now - 1 }],
    ['without an expiry', { iss: issuer, sub: 'me', client_id: 'client', iat: now }],
    ['not yet valid', { ...claims, nbf: now + 60 }],
    ['issued in the future', { ...claims, iat: now + 60 }],
  ])('refuses a token that is %s', async (_, payload) => {
    expect(await authorizeJwt(await bearer(payload), rule)).toMatchObject({ allowed: false, status: 401 });
  });

  it('refuses a foreign key, no signature, a changed payload, and no token at all', async () => {
    const token = await bearer(claims);
    const [header, , signature] = token.split('.');
    const unsigned = `Bearer ${base64({ alg: 'none' })}.${base64(claims)}.`;
    const changed = `${header}.${base64({ ...claims, sub: 'you' })}.${signature}`;
    for (const bad of [
      await bearer(claims, foreign.privateKey),
      unsigned,
      changed,
      'Bearer x',
      'Bearer ',
      undefined,
    ]) {
      expect(await authorizeJwt(bad, rule), bad).toMatchObject({ allowed: false, status: 401 });
    }
  });

  it('wants one of the scopes of the route', async () => {
    const scoped = { ...rule, scopes: ['a', 'b'] };
    expect(await authorizeJwt(await bearer({ ...claims, scope: 'b c' }), scoped)).toMatchObject({
      allowed: true,
    });
    expect(await authorizeJwt(await bearer({ ...claims, scope: 'c' }), scoped)).toMatchObject({
      allowed: false,
      status: 403,
    });
  });
});

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
