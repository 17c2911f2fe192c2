import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Signer } from './client.ts';

/** SHA-256 and its HMAC as the signer wants them. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(keyOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function keyOf(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Signs requests with AWS Signature Version 4. Credentials come from where the AWS SDK looks for them: environment, profile files,
 * SSO, web identity (OIDC of a pipeline), `credential_process`, container and instance. Without a service they are for an HTTP API.
 */
export function awsSigner(region: string, profile?: string, service = 'execute-api'): Signer {
  const credentials = defaultProvider({
    clientConfig: { region },
    ...(profile === undefined ? {} : { profile }),
  });
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  return async ({ method, url, body, headers }) => {
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    };
    const signed = await signer.sign(request).catch((error: Error) => {
      throw new Failure('not_authorized', EXIT.not_authorized, `no AWS credentials: ${error.message}`, {
        hint: 'Set AWS_PROFILE, or the variables that the AWS CLI reads.',
      });
    });
    // fetch sets `host` itself, to the same.
    const { host: _, ...rest } = signed.headers;
    return rest;
  };
}
