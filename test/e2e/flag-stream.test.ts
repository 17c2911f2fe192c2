import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { times } from '../support/length.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const FLAG = '/api/v1/config/environments/staging/flags/checkout.new';

/** A client of server-sent events over a socket of its own: what a browser's `EventSource` does, and what it heard. */
class Stream {
  text = '';
  status = 0;
  ended = false;
  headers: Record<string, unknown> = {};
  readonly #request: ReturnType<typeof request>;

  constructor(url: string, headers: Record<string, string> = {}, { reads = true } = {}) {
    this.#request = request(url, { headers, agent: false }, (response) => {
      this.status = response.statusCode ?? 0;
      this.headers = response.headers;
      if (!reads) return void response.pause();
      response.setEncoding('utf8').on('data', (text: string) => {
        this.text += text;
      });
      response.once('close', () => this.#over());
    });
    this.#request.once('error', () => this.#over());
    this.#request.end();
  }

  /** The ids of the changes that it heard. */
  get ids(): string[] {
    return [...this.text.matchAll(/^id: (\w+)$/gm)].map(([, id = '']) => id);
  }

  close(): void {
    this.#request.destroy();
  }

  #over(): void {
    this.ended = true;
  }
}

const is = <T>(read: () => T, wanted: (value: T) => boolean): Promise<T> =>
  until(async () => read(), wanted, 50);

describe('the stream of changes of flags', () => {
  let runtime: Runtime;
  let dev: Api;
  let admin: Api;
  let variant = 0;
  const opened: Stream[] = [];

  const signIn = async () => {
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  };
  beforeAll(async () => {
    runtime = await startRuntime({ SLUICE_LOCAL_FLAG_STREAMS: '2000' });
    await signIn();
  });
  afterAll(async () => {
    for (const stream of opened) stream.close();
    await runtime?.stop();
  });

  const change = async (): Promise<void> => {
    variant += 1;
    const body = { enabled: true, variants: { on: variant, off: 0 }, defaultVariant: 'on' };
    expect((await dev.put(FLAG, body)).status).toBe(200);
  };
  const keyOf = async (fields: object = { type: 'server' }): Promise<{ id: string; key: string }> => {
    const made = await admin.post('/api/v1/flag-keys', { name: 'stream', environment: 'staging', ...fields });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body;
  };
  const evaluated = (key: string, headers: Record<string, string> = {}, query = '') =>
    fetch(`${runtime.url}/ofrep/v1/evaluate/flags${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: '{}',
    });
  const addressFor = async (key: string): Promise<string> => {
    const { eventStreams } = JSON.parse(await (await evaluated(key)).text());
    expect(eventStreams).toEqual([{ type: 'sse', url: expect.any(String), inactivityDelaySec: 60 }]);
    return eventStreams[0].url;
  };
  const open = (url: string, headers: Record<string, string> = {}, options = {}): Stream => {
    const stream = new Stream(url, headers, options);
    opened.push(stream);
    return stream;
  };

  it('tells a change that one client makes to another, and nothing of what it is', async () => {
    await change();
    const { key } = await keyOf();
    const stream = open(await addressFor(key));
    await is(
      () => stream.ids,
      (ids) => ids.length === 1,
    );
    expect(stream.status).toBe(200);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    await change();
    const [first, second] = await is(
      () => stream.ids,
      (ids) => ids.length === 2,
    );
    expect(second).not.toBe(first);
    const data = [...stream.text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
    expect(data[1]).toEqual({
      type: 'refetchEvaluation',
      etag: `"${second}"`,
      lastModified: expect.any(Number),
    });
    expect(stream.text).not.toMatch(/checkout|staging|sluice-key/);
    const again = await evaluated(
      key,
      {},
      `?flagConfigEtag=%22${second}%22&flagConfigLastModified=${data[1].lastModified}`,
    );
    const { flags } = JSON.parse(await again.text());
    expect(flags.find((flag: { key: string }) => flag.key === 'checkout.new').value).toBe(variant);
    stream.close();
  });

  it.each([
    ['no key', {}, ''],
    ['a key that is none', { authorization: 'Bearer sluice-key~acme~staging~key-1~wrong' }, ''],
    ['a ticket that is none', {}, '?ticket=sluice-stream~acme~staging~key-1~2026-11-23~x'],
  ])('is not for who comes with %s', async (_, headers, query) => {
    const { key } = await keyOf();
    const address = new URL(await addressFor(key));
    const response = await fetch(`${address.origin}${address.pathname}${query}`, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('takes the key itself, and names what a client heard last', async () => {
    const { key } = await keyOf();
    const address = new URL(await addressFor(key));
    const bare = `${address.origin}${address.pathname}`;
    const authorization = `Bearer ${key}`;
    const stream = open(bare, { authorization });
    const [id = ''] = await is(
      () => stream.ids,
      (ids) => ids.length === 1,
    );
    stream.close();
    const again = open(bare, { authorization, 'last-event-id': id });
    await is(
      () => again.text,
      (text) => text.includes('retry: '),
    );
    await change();
    const [next] = await is(
      () => again.ids,
      (ids) => ids.length === 1,
    );
    expect(next).not.toBe(id);
    again.close();
  });

  it('is for the pages that a key names, and says so to their browsers', async () => {
    const { key } = await keyOf({ type: 'browser', allowed_origins: ['https://app.acme.com'] });
    const address = await addressFor(key);
    const allowed = await fetch(address, { headers: { origin: 'https://app.acme.com' } });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.acme.com');
    await allowed.body?.cancel();
    const refused = await fetch(address, { headers: { origin: 'https://evil.example' } });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(address, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.acme.com' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET']);
    expect((await fetch(address, { method: 'POST' })).status).toBe(405);
  });

  it('loses no change while the server is gone', async () => {
    await change();
    const { key } = await keyOf();
    const address = await addressFor(key);
    const stream = open(address);
    const [heard = ''] = await is(
      () => stream.ids,
      (ids) => ids.length === 1,
    );
    const { etag: had = '' } = Object.fromEntries((await evaluated(key)).headers);
    await runtime.kill9();
    await is(() => stream.ended, Boolean);
    const { port, dataDir } = runtime;
    runtime = await startRuntime({ SLUICE_LOCAL_FLAG_STREAMS: '2000' }, { port, dataDir });
    await signIn();
    await change();
    const again = open(address, { 'last-event-id': heard });
    const [missed] = await is(
      () => again.ids,
      (ids) => ids.length === 1,
    );
    expect(missed).not.toBe(heard);
    const now = await evaluated(key, { 'if-none-match': had });
    expect(now.status).toBe(200);
    expect(now.headers.get('etag')).not.toBe(had);
    again.close();
  });

  it('bounds the streams of a key, serves everybody else, and gives places back', async () => {
    const { key } = await keyOf();
    const address = await addressFor(key);
    const answered = async (some: readonly Stream[]) => {
      await is(
        () => some.filter(({ status, ended }) => status === 0 && !ended).length,
        (waiting) => waiting === 0,
      );
      return some;
    };
    const kept: Stream[] = [];
    let refused: Stream | undefined;
    // A few at a time, as a busy machine may have no table for a thousand at once.
    while (refused === undefined && kept.length <= 100) {
      const wave = await answered(Array.from({ length: 10 }, () => open(address)));
      kept.push(...wave.filter(({ status }) => status === 200));
      refused = wave.find(({ headers }) => headers['retry-after'] === '60');
    }
    expect([refused?.status, kept.length]).toEqual([503, 100]);
    const many = await answered(Array.from({ length: times(150, 1_000) }, () => open(address)));
    expect(many.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(many.length - 100);
    await is(
      () => [...kept, ...many].filter(({ status, ended }) => status === 200 && !ended).length,
      (open) => open <= 100,
    );
    expect((await evaluated(key)).status).toBe(200);
    const { key: other } = await keyOf();
    const beside = open(await addressFor(other));
    await is(
      () => beside.ids,
      (ids) => ids.length === 1,
    );
    await change();
    await is(
      () => beside.ids,
      (ids) => ids.length === 2,
    );
    for (const stream of [...kept, ...many, beside]) stream.close();
    const again = () =>
      fetch(address).then(async ({ status, body }) => {
        await body?.cancel();
        return status;
      });
    expect(await until(again, (status) => status === 200, 1_000)).toBe(200);
  });
});
