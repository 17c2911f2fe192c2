import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Fault } from '../../domain/faults.ts';
import type { LogObjects } from '../../ports/log-objects.ts';
import { Sha256 } from '../sha256.ts';

export type BucketSettings = {
  readonly bucket: string;
  readonly region: string;
  /** Where S3 answers, without a slash at the end; absent: at the endpoint of the region. */
  readonly endpoint?: string;
  readonly credentials: Credentials;
};

/** As Lambda hands them to a function. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** Milliseconds for one call, the body included. Tries of a call that got no answer: every call here can be repeated. */
const DEADLINE_MS = 4_000;
const TRIES = 3;

/**
 * Objects of a bucket, by GET and by PUT with a precondition (`If-None-Match`, `If-Match`): two requests, signed here, instead of a
 * client of 400 KB. A mark is an ETag.
 */
export function s3LogObjects({ bucket, region, endpoint, credentials }: BucketSettings): LogObjects {
  const base =
    endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
  // S3 signs the path as it is sent: it is not encoded a second time.
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const send = async (method: 'GET' | 'PUT', path: string, body?: Uint8Array, conditions: Headers = {}) => {
    const url = new URL(`${base}/${path}`);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'x-amz-content-sha256': hash, ...conditions },
      ...(body === undefined ? {} : { body }),
    };
    for (let tries = 1; ; tries += 1) {
      const { headers } = await signer.sign(request);
      const { host: _, ...sent } = headers;
      const answer = await answered(url, method, sent, body).catch(() => undefined);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
      if (tries === TRIES)
        throw new Fault('Unavailable', `the bucket answered ${answer?.status ?? 'nothing'}`);
    }
  };
  return {
    async get(path) {
      const { status, bytes, mark } = await send('GET', path);
      if (status === 404) return undefined;
      if (status !== 200 || mark === null) throw refused('GET', path, status);
      return { bytes, mark };
    },

    async put(path, bytes, mark) {
      const condition: Headers = mark === undefined ? { 'if-none-match': '*' } : { 'if-match': mark };
      const { status } = await send('PUT', path, bytes, condition);
      // 409: another writer of the same object is under way, and one of the two is first.
      if (status === 412 || status === 409 || (status === 404 && mark !== undefined)) return false;
      if (status !== 200) throw refused('PUT', path, status);
      return true;
    },
  };
}

type Headers = { readonly [name: string]: string };

async function answered(url: URL, method: string, headers: Headers, body?: Uint8Array) {
  const answer = await fetch(url, {
    method,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
  });
  return {
    status: answer.status,
    mark: answer.headers.get('etag'),
    bytes: new Uint8Array(await answer.arrayBuffer()),
  };
}

/** A missing right or a wrong name: what is to be written waits until an operator has put it right. */
const refused = (method: string, path: string, status: number): Fault =>
  new Fault('Unavailable', `the bucket answered ${status} to ${method} ${path}`);
