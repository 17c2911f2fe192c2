import type { ChunkStream } from '../../ports/registry.ts';

/** One request to a registry. `body` is sent with its length. */
export type OciRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Uint8Array | ChunkStream;
};

/** The answer: the status is here, the body is read as it comes. Header names are lower case. */
export type OciResponse = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the body up and ends the connection. */
  discard(): void;
};

/**
 * Sends one request and follows no redirect. Throws `ForbiddenAddress` where nothing may be sent to, and any other error
 * when the peer does not answer, goes silent in its body, or breaks off. What a streamed body throws is thrown as it is.
 */
export type Exchange = (request: OciRequest) => Promise<OciResponse>;

/** An address that must not be called. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/** Reads a body whole. Undefined when it has more bytes than allowed: the rest is not read. */
export async function readBounded(response: OciResponse, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit) {
      response.discard();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
