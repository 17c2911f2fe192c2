import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isRecord } from '../json.ts';
import type { Authorized } from './event.ts';

/** A verdict of an authorizer: what it found, or the status the gateway refuses with. */
export type Verdict =
  | { readonly allowed: true; readonly authorizer: Authorized }
  | {
      readonly allowed: false;
      readonly status: 401 | 403;
      readonly headers: Readonly<Record<string, string>>;
    };

/** What a token must satisfy. */
export interface JwtRule {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/**
 * Checks a bearer token as the JWT authorizer of API Gateway does: signature, `iss`, `exp`, `nbf`, `iat`, `aud` or
 * `client_id` (only when `aud` is absent), and one of the route's scopes.
 */
export async function authorizeJwt(authorization: string | undefined, rule: JwtRule): Promise<Verdict> {
  const token = authorization?.replace(/^Bearer /i, '') ?? '';
  if (token === '') return { allowed: false, status: 401, headers: { 'www-authenticate': 'Bearer' } };
  let claims: Record<string, unknown>;
  try {
    const { payload } = await jwtVerify(token, rule.keys, {
      issuer: rule.issuer,
      algorithms: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
      requiredClaims: ['exp'],
    });
    claims = payload;
  } catch {
    return refused(401, 'invalid_token', 'the token is not valid');
  }
  if (typeof claims['iat'] === 'number' && claims['iat'] > Date.now() / 1000) {
    return refused(401, 'invalid_token', 'the token is issued in the future');
  }
  const audience = claims['aud'] === undefined ? [claims['client_id']] : [claims['aud']].flat();
  if (!rule.audience.some((accepted) => audience.includes(accepted))) {
    return refused(401, 'invalid_token', 'the token is not for this audience');
  }
  const granted = String(claims['scope'] ?? claims['scp'] ?? '').split(' ');
  if (rule.scopes.length > 0 && !rule.scopes.some((scope) => granted.includes(scope))) {
    return refused(403, 'insufficient_scope', 'the token lacks the scope of the route');
  }
  return {
    allowed: true,
    authorizer: {
      jwt: {
        claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)])),
        scopes: rule.scopes.length > 0 ? granted : null,
      },
    },
  };
}

function refused(status: 401 | 403, error: string, description: string): Verdict {
  const header = `Bearer scope="" error="${error}" error_description="${description}"`;
  return { allowed: false, status, headers: { 'www-authenticate': header } };
}

/** The gateway hands every claim on as text: a list as `[a b]`, an object as `map[k:v]`, both without quotes. */
function claimText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  if (isRecord(value)) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `map[${entries.map(([name, item]) => `${name}:${claimText(item)}`).join(' ')}]`;
  }
  return String(value);
}
