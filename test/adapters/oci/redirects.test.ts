import { describe, expect, it } from 'vitest';
import type { Exchange, OciRequest } from '../../../functions/adapters/oci/exchange.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { robot } from '../../support/local-registry.ts';
import { repositoryAt } from '../../support/oci.ts';

const CONTENT = Buffer.from('a layer');
const LAYER = { digest: digestOfBytes(CONTENT), size: CONTENT.length };

/** A registry that wants Basic credentials and keeps its layers at another address, as most in the cloud do. */
function redirecting(location: string): { readonly exchange: Exchange; readonly asked: OciRequest[] } {
  const asked: OciRequest[] = [];
  const answer = (status: number, headers: { readonly [name: string]: string }, body = Buffer.alloc(0)) => ({
    ...{ status, headers, discard() {} },
    body: (async function* () {
      yield body;
    })(),
  });
  const exchange: Exchange = async (request) => {
    asked.push(request);
    const { host, pathname } = new URL(request.url);
    if (pathname === '/stored') return answer(200, {}, CONTENT);
    if (host !== 'registry.example.com') throw new Error(`${host} is not asked`);
    return request.headers['authorization'] === undefined
      ? answer(401, { 'www-authenticate': 'Basic realm="registry"' })
      : answer(307, { location });
  };
  return { exchange, asked };
}

describe('a layer that a registry redirects to', () => {
  it.each([
    ['another host', 'https://storage.example.net/stored', false],
    ['the same host at another port', 'https://registry.example.com:8443/stored', false],
    ['plain http', 'http://registry.example.com/stored', false],
    ['another path', '/stored', true],
  ])('at %s is read, with the registry’s credentials at its own origin alone', async (_, location, sent) => {
    const { exchange, asked } = redirecting(location);
    const { repository } = repositoryAt('https://registry.example.com', 'app', {
      credentials: robot,
      exchange,
    });
    const read: Uint8Array[] = [];
    for await (const piece of repository.readBlob(LAYER)) read.push(piece);
    expect(Buffer.concat(read)).toEqual(CONTENT);
    const last = asked.at(-1);
    expect(new URL(last?.url ?? '').pathname).toBe('/stored');
    expect(last?.headers['authorization'] !== undefined).toBe(sent);
    expect(Object.values(last?.headers ?? {}).some((value) => value.includes('Basic'))).toBe(sent);
  });
});
