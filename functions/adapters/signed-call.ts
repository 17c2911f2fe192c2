import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './sha256.ts';

/** As Lambda hands them to a function. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export type Headers = { readonly [name: string]: string };
export type Called = {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly body?: Uint8Array;
  readonly headers?: Headers;
};

/** Credentials in the variables of a function. */
export function credentialsIn(variables: NodeJS.ProcessEnv): Credentials {
  const { AWS_SESSION_TOKEN: sessionToken } = variables;
  return {
    accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

/** Calls of a service that are signed here, instead of by a client of some 400 KB; each is given up after so many milliseconds. */
export function signedCalls(
  { service, region, credentials }: { service: 's3' | 'lambda'; region: string; credentials: Credentials },
  deadline_ms: number,
): (call: Called) => Promise<Response> {
  // S3 signs the path as it is sent: it is not encoded a second time.
  const uriEscapePath = service !== 's3';
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath });
  return async ({ method, url: at, body, headers: given = {} }) => {
    const url = new URL(at);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'x-amz-content-sha256': hash, ...given },
      ...(body === undefined ? {} : { body }),
    });
    const { host: _, ...sent } = headers;
    return await fetch(url, {
      method,
      headers: sent,
      redirect: 'error',
      signal: AbortSignal.timeout(deadline_ms),
      ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
    });
  };
}
