import type { Exchange } from '../../functions/adapters/oci/exchange.ts';
import type { Terminal } from '../terminal.ts';

/** Milliseconds for one request, a chunk on a slow line among them. */
const PATIENCE = 600_000;

/** Requests to a registry by the terminal's own `fetch`. */
export function exchangeBy({ fetch, interrupted }: Pick<Terminal, 'fetch' | 'interrupted'>): Exchange {
  return async ({ method, url, headers, body }) => {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(PATIENCE)]);
    const request = { method, headers, signal, redirect: 'manual' } as const;
    const answer = await fetch(url, body === undefined ? request : { ...request, body: Buffer.from(body) });
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: answer.body ?? none(),
      discard: () => void answer.body?.cancel().catch(() => undefined),
    };
  };
}

async function* none(): AsyncIterable<Uint8Array> {}
