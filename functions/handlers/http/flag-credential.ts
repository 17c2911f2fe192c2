import { looksLikeKey } from '../../domain/flags/flag-key.ts';

type Headers = { readonly [name: string]: string | undefined };

/** The key that a request carries, as `X-API-Key` or as bearer token; well-formed or not. */
export function presentedKey(headers: Headers): string | undefined {
  const text = headers['x-api-key'] ?? bearerToken(headers);
  return text !== undefined && (looksLikeKey(text) || headers['x-api-key'] !== undefined) ? text : undefined;
}

/** The token of `Authorization: Bearer` (RFC 6750). */
export function bearerToken(headers: Headers): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(headers['authorization'] ?? '')?.[1];
}
