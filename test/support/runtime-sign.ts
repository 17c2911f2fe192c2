import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** A request to sign as a machine would; `credential` is an item of `machine-credentials.json`. */
export interface SignInput {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credential: { readonly access_key_id: string; readonly secret_access_key: string };
  readonly service?: string;
  readonly at?: Date;
}

type Data = string | ArrayBuffer | ArrayBufferView;

/** The headers of a request after the signer of the AWS SDK (Signature Version 4, `execute-api`) was at it. */
export async function signedHeaders(input: SignInput): Promise<Record<string, string>> {
  const url = new URL(input.url);
  const signer = new SignatureV4({
    service: input.service ?? 'execute-api',
    region: 'us-east-1',
    credentials: {
      accessKeyId: input.credential.access_key_id,
      secretAccessKey: input.credential.secret_access_key,
    },
    sha256: Sha256,
  });
  const { headers } = await signer.sign(
    {
      method: input.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { 'content-type': 'application/json', ...input.headers, host: url.host },
      body: input.body,
    },
    { signingDate: input.at ?? new Date() },
  );
  return headers;
}

class Sha256 {
  readonly #hash;
  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: Data): void {
    this.#hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function bytes(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
