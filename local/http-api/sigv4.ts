import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from './event.ts';

/** Seconds by which the clock of a caller may differ. */
const maxSkewMs = 5 * 60 * 1000;

/** The identity behind a signature, and the secret it is checked with. */
export interface SigningKey {
  readonly secret: string;
  /** Present for temporary credentials: the request must carry it. */
  readonly sessionToken?: string;
}

interface Claim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Verifies AWS Signature Version 4 in the `Authorization` header: canonical request, body hash, time within five
 * minutes of `now` (Unix milliseconds). Returns the access key that signed, or undefined for any flaw at all.
 */
export function verifySignature(
  request: HttpRequest,
  keyOf: (accessKeyId: string) => SigningKey | undefined,
  now: number,
): string | undefined {
  const claim = claimIn(request.headers.authorization ?? '');
  const timestamp = header(request, 'x-amz-date');
  if (claim === undefined || !isRecent(timestamp, claim.date, now)) return undefined;
  const key = keyOf(claim.accessKeyId);
  if (key === undefined || claim.service !== 'execute-api') return undefined;
  if (!claim.signedHeaders.includes('host')) return undefined;
  if (key.sessionToken !== undefined && header(request, 'x-amz-security-token') !== key.sessionToken)
    return undefined;
  const bodyHash = sha256(request.body);
  const declared = header(request, 'x-amz-content-sha256');
  if (declared !== '' && declared !== bodyHash) return undefined;
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const text = [
    'AWS4-HMAC-SHA256',
    timestamp,
    scope,
    sha256(canonicalRequest(request, claim, bodyHash)),
  ].join('\n');
  const expected = hmac(signingKey(key.secret, claim), text);
  const given = Buffer.from(claim.signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? claim.accessKeyId : undefined;
}

function claimIn(authorization: string): Claim | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;_-]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] =
    match;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

function isRecent(timestamp: string, date: string, now: number): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (parts === null || !timestamp.startsWith(date)) return false;
  const [, year, month, day, hour, minute, second] = parts;
  return Math.abs(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - now) <= maxSkewMs;
}

function canonicalRequest(request: HttpRequest, claim: Claim, bodyHash: string): string {
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${header(request, name).trim().replace(/ +/g, ' ')}\n`,
  );
  return [
    request.method,
    // Every service but S3 signs the path encoded twice; once is how it came over the wire.
    request.rawPath.split('/').map(encode).join('/'),
    canonicalQuery(request.rawQuery),
    headers.join(''),
    claim.signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

function canonicalQuery(rawQuery: string): string {
  return [...new URLSearchParams(rawQuery)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function header(request: HttpRequest, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function signingKey(secret: string, { date, region, service }: Claim): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
