import { Fault } from '../../domain/faults.ts';
import type { LogObjects } from '../../ports/log-objects.ts';
import { type Called, type Credentials, type Headers, signedCalls } from '../signed-call.ts';

export type BucketSettings = {
  readonly bucket: string;
  readonly region: string;
  /** Where S3 answers, without a slash at the end; absent: at the endpoint of the region. */
  readonly endpoint?: string;
  readonly credentials: Credentials;
};

/** Milliseconds for one call, the body included. Tries of a call that got no answer: every call here can be repeated. */
const DEADLINE_MS = 4_000;
const TRIES = 3;

/** Objects of a bucket, by GET and by PUT with a precondition (`If-None-Match`, `If-Match`). A mark is an ETag. */
export function s3LogObjects({ bucket, region, endpoint, credentials }: BucketSettings): LogObjects {
  const base =
    endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
  const call = signedCalls({ service: 's3', region, credentials }, DEADLINE_MS);
  const send = async (method: 'GET' | 'PUT', path: string, more: Pick<Called, 'body' | 'headers'> = {}) => {
    for (let tries = 1; ; tries += 1) {
      const answer = await call({ method, url: `${base}/${path}`, ...more })
        .then(read)
        .catch(() => undefined);
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
      const headers: Headers = mark === undefined ? { 'if-none-match': '*' } : { 'if-match': mark };
      const { status } = await send('PUT', path, { body: bytes, headers });
      // 409: another writer of the same object is under way, and one of the two is first.
      if (status === 412 || status === 409 || (status === 404 && mark !== undefined)) return false;
      if (status !== 200) throw refused('PUT', path, status);
      return true;
    },
  };
}

const read = async (answer: Response) => ({
  status: answer.status,
  mark: answer.headers.get('etag'),
  bytes: new Uint8Array(await answer.arrayBuffer()),
});

/** A missing right or a wrong name: what is to be written waits until an operator has put it right. */
const refused = (method: string, path: string, status: number): Fault =>
  new Fault('Unavailable', `the bucket answered ${status} to ${method} ${path}`);
