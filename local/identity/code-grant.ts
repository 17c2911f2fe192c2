import { createHash, randomBytes } from 'node:crypto';
import type { UserPool } from '../cloudformation/user-pools.ts';
import { gatewayAnswer, type HttpAnswer, htmlAnswer, jsonAnswer } from '../http-api/gateway-answer.ts';
import type { Issuer } from './issuer.ts';
import { signInPage } from './sign-in-page.ts';

/** Milliseconds that a code may be redeemed in (RFC 6749 section 4.1.2 allows 10 minutes; the browser needs moments). */
const lifetimeMs = 60_000;

interface Granted {
  readonly email: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly redirectUri: string;
  readonly until: number;
}

/** The interactive half of the local issuer: authorization code grant with PKCE (RFC 7636, S256 alone), as the client of the pool may use it. */
export interface CodeGrant {
  /** The page on which somebody picks who they are, and, once picked, the way back with a code. */
  authorize(query: URLSearchParams): HttpAnswer;
  /** Tokens for a code, once. */
  token(form: URLSearchParams): Promise<HttpAnswer>;
}

export function createCodeGrant(issuer: Issuer, pool: UserPool): CodeGrant {
  const codes = new Map<string, Granted>();
  return {
    authorize(query) {
      const asked = (name: string) => query.get(name) ?? '';
      const redirectUri = asked('redirect_uri');
      // Nothing is ever sent to an address that the client did not register.
      if (asked('client_id') !== pool.clientId || !pool.callbackUrls.includes(redirectUri)) {
        return jsonAnswer(400, { message: 'The client or its redirect_uri is not known.' });
      }
      const back = (answer: Record<string, string>) =>
        redirect(redirectUri, { ...answer, ...(query.has('state') ? { state: asked('state') } : {}) });
      if (asked('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
      if (asked('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(asked('code_challenge'))) {
        return back({ error: 'invalid_request', error_description: 'PKCE with S256 is required' });
      }
      if (!query.has('person')) return htmlAnswer(signInPage(issuer.people, query));
      if (!issuer.people.some(({ email }) => email === asked('person')))
        return back({ error: 'access_denied' });
      const code = randomBytes(24).toString('base64url');
      const until = Date.now() + lifetimeMs;
      codes.set(code, {
        email: asked('person'),
        challenge: asked('code_challenge'),
        nonce: query.get('nonce') ?? undefined,
        redirectUri,
        until,
      });
      return back({ code });
    },

    async token(form) {
      const code = form.get('code') ?? '';
      const granted = codes.get(code);
      // Whatever comes of it, a code is good for one attempt.
      codes.delete(code);
      for (const [old, { until }] of codes) if (until < Date.now()) codes.delete(old);
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const fits =
        form.get('grant_type') === 'authorization_code' &&
        form.get('client_id') === pool.clientId &&
        granted !== undefined &&
        granted.until >= Date.now() &&
        granted.challenge === challenge &&
        granted.redirectUri === form.get('redirect_uri');
      if (!fits) return jsonAnswer(400, { error: 'invalid_grant' });
      const tokens = await issuer.mint(granted.email, granted.nonce);
      return tokens === undefined
        ? gatewayAnswer(500)
        : jsonAnswer(200, tokens, { 'cache-control': 'no-store' });
    },
  };
}

function redirect(to: string, query: Record<string, string>): HttpAnswer {
  const url = new URL(to);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href }, body: Buffer.alloc(0) };
}
