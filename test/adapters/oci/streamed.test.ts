import { randomFillSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { streamingEgress } from '../../../functions/adapters/egress/stream.ts';
import type { Exchange, OciRequest, OciResponse } from '../../../functions/adapters/oci/exchange.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { RegistryFault } from '../../../functions/ports/registry.ts';
import { copyBlob } from '../../../functions/use-cases/kinds/artifact/copy-blob.ts';
import { robot, startRegistry, type TestRegistry } from '../../support/local-registry.ts';
import { loopbackExchange, repositoryAt, uploadMemory } from '../../support/oci.ts';

const SIZE = 3_000_000;
const bytes = randomFillSync(Buffer.alloc(SIZE));
const blob = { mediaType: 'application/octet-stream', digest: digestOfBytes(bytes), size: SIZE };

let one: TestRegistry;
let other: TestRegistry;
let number = 0;
const path = () => `streamed/${number}`;
beforeAll(async () => {
  [one, other] = await Promise.all([startRegistry(), startRegistry()]);
  const { repository } = repositoryAt(one.url, 'source', { credentials: robot });
  await repository.finishUpload(
    await repository.sendChunk(await repository.openUpload(), bytes),
    blob.digest,
  );
});
afterAll(() => Promise.all([one.stop(), other.stop()]));
afterEach(() => {
  number += 1;
});

function copyThrough(exchange: Exchange, from: Exchange = loopbackExchange, url = other.url) {
  const source = repositoryAt(one.url, 'source', { credentials: robot, exchange: from });
  const target = repositoryAt(url, path(), { credentials: robot, exchange });
  const copy = copyBlob(
    {
      ...{ source: source.repository, target: target.repository, uploads: uploadMemory() },
      ...{ chunkBytes: 1_000_000, late: () => false },
    },
    blob,
  );
  return { copy, source, target };
}

const arrived = async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of repositoryAt(other.url, path()).repository.readBlob(blob)) chunks.push(chunk);
  return Buffer.concat(chunks).equals(bytes);
};

/** Answers the nth chunk itself, once it has read so much of it. */
function answeringChunk(nth: number, read: number, answer: Partial<OciResponse>): Exchange {
  let chunks = 0;
  return async (request) => {
    if (request.method !== 'PATCH') return loopbackExchange(request);
    chunks += 1;
    if (chunks !== nth) return loopbackExchange(request);
    const { body } = request;
    if (body !== undefined && 'open' in body) {
      let seen = 0;
      for await (const part of body.open()) {
        seen += part.length;
        if (seen >= read) break;
      }
    }
    return { status: 500, headers: {}, body: nothing(), discard() {}, ...answer };
  };
}

async function* nothing(): AsyncIterable<Uint8Array> {}

async function* only(part: Uint8Array): AsyncIterable<Uint8Array> {
  yield part;
}

describe('a blob that is passed on as it comes', () => {
  it('is read once, and arrives', async () => {
    const { copy, source } = copyThrough(loopbackExchange);
    expect(await copy).toEqual({ outcome: 'copied', sent: SIZE });
    expect(source.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
    expect(await arrived()).toBe(true);
  });

  it.each([
    ['first', 1, 0],
    ['second, some of it taken', 2, 300_000],
    ['last, all of it taken', 3, 1_000_000],
  ])(
    'is read again from where the chunk began that the registry asks to wait for, the %s',
    async (_, nth, read) => {
      const wait = { status: 429, headers: { 'retry-after': '0' } };
      const { copy, target } = copyThrough(answeringChunk(nth, read, wait));
      expect(await copy).toEqual({ outcome: 'copied', sent: SIZE });
      expect(target.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(4);
      expect(await arrived()).toBe(true);
    },
  );

  it('is sent again where the login ran out in the middle of a chunk', async () => {
    // A token of the kind that runs out: the first one does after the second chunk began.
    let tokens = 0;
    let chunks = 0;
    const answer = (status: number, text: string, headers = {}): OciResponse => ({
      ...{ status, headers, body: only(Buffer.from(text)) },
      discard() {},
    });
    const challenge = { 'www-authenticate': 'Bearer realm="https://login.example/token"' };
    const expiring: Exchange = async (request) => {
      if (request.url.startsWith('https://login.example/')) {
        tokens += 1;
        return answer(200, JSON.stringify({ token: `t${tokens}` }));
      }
      const { authorization, ...headers } = request.headers;
      if (authorization === undefined && request.method !== 'HEAD') return answer(401, '', challenge);
      if (request.method === 'PATCH') chunks += 1;
      if (chunks === 2 && authorization === 'Bearer t1') {
        if (request.body !== undefined && 'open' in request.body) {
          for await (const _ of request.body.open()) break;
        }
        return answer(401, '', challenge);
      }
      const basic = Buffer.from(`${robot.username}:${robot.password}`).toString('base64');
      return loopbackExchange({ ...request, headers: { ...headers, authorization: `Basic ${basic}` } });
    };
    expect(await copyThrough(expiring).copy).toEqual({ outcome: 'copied', sent: SIZE });
    expect(tokens).toBe(2);
    expect(await arrived()).toBe(true);
  });

  it('fails by the fault of its source, and is not there', async () => {
    const short: Exchange = async (request) => {
      const response = await loopbackExchange(request);
      return request.method === 'GET' ? { ...response, body: cut(response.body, 1_500_000) } : response;
    };
    const { copy, target } = copyThrough(loopbackExchange, short);
    await expect(copy).rejects.toMatchObject({ code: 'registry_unavailable' });
    expect(await target.repository.hasBlob(blob.digest)).toBe(false);
  });

  it('never arrives whole where its source sends other bytes', async () => {
    const wrong: Exchange = async (request) => {
      const response = await loopbackExchange(request);
      return request.method === 'GET' ? { ...response, body: flipped(response.body) } : response;
    };
    const chunks: OciRequest[] = [];
    const noting: Exchange = (request) => {
      if (request.method === 'PUT') chunks.push(request);
      return loopbackExchange(request);
    };
    await expect(copyThrough(noting, wrong).copy).rejects.toMatchObject({ code: 'registry_corrupt' });
    expect(chunks).toEqual([]);
  });

  it('ends where the registry takes chunks and keeps nothing of them', async () => {
    const forgetful: Exchange = async (request) => {
      const response = await loopbackExchange(request);
      if (request.method !== 'PATCH') return response;
      return { ...response, headers: { ...response.headers, range: '0-999999' } };
    };
    await expect(copyThrough(forgetful).copy).rejects.toMatchObject({ code: 'registry_refused' });
  });
});

async function* cut(body: AsyncIterable<Uint8Array>, at: number): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const part of body) {
    if (seen + part.length > at) return;
    seen += part.length;
    yield part;
  }
}

async function* flipped(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const part of body) yield part.map((byte) => byte ^ 1);
}

describe('a peer that is sent a body as it comes', () => {
  let stop = async () => {};
  afterEach(() => stop());

  async function peer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(answer);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    stop = async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    };
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  }
  const send = (url: string, open: () => AsyncIterable<Uint8Array>, idleMs?: number) =>
    streamingEgress({ allowLoopback: true, ...(idleMs === undefined ? {} : { idleMs }) })({
      ...{ method: 'PATCH', url, headers: {} },
      body: { length: SIZE, open },
    });
  async function* all(): AsyncIterable<Uint8Array> {
    for (let at = 0; at < SIZE; at += 10_000) yield bytes.subarray(at, at + 10_000);
  }
  const text = async (response: OciResponse) => {
    let said = '';
    for await (const part of response.body) said += Buffer.from(part).toString();
    return said;
  };

  it('gets all of it, with its length', async () => {
    const url = await peer((request, response) => {
      let length = 0;
      request.on('data', (part) => {
        length += part.length;
      });
      request.on('end', () => response.end(`${length} of ${request.headers['content-length']}`));
    });
    expect(await text(await send(url, all))).toBe(`${SIZE} of ${SIZE}`);
  });

  it('may answer before it has all of it, and is understood', async () => {
    const url = await peer((_, response) => void response.writeHead(413).end('too large'));
    const response = await send(url, all);
    expect([response.status, await text(response)]).toEqual([413, 'too large']);
  });

  it('that goes away, or takes nothing, is given up', async () => {
    const gone = await peer((request) => void request.once('data', () => request.socket.destroy()));
    await expect(send(gone, all)).rejects.toThrow();
    await stop();
    const deaf = await peer((request) => void request.pause());
    await expect(send(deaf, all, 60)).rejects.toThrow();
  });

  it('gets no end of what its source breaks off, which is the error', async () => {
    let ended = false;
    const url = await peer((request) => {
      request.on('data', () => {});
      request.on('end', () => {
        ended = true;
      });
    });
    const broken = new RegistryFault('registry_corrupt', 'the source lies');
    async function* breaking(): AsyncIterable<Uint8Array> {
      yield bytes.subarray(0, 100_000);
      throw broken;
    }
    await expect(send(url, breaking)).rejects.toBe(broken);
    expect(ended).toBe(false);
  });
});
