import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../../cli/http/request.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serving(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return new URL(`http://127.0.0.1:${address.port}/a?b=c`);
}

describe('a request of the command line', () => {
  it('sends method, headers and body, and reads status, headers and text', async () => {
    const url = await serving(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(Buffer.from(part));
      const { method, url: path, headers } = request;
      const got = [
        method,
        path,
        headers['x-one'],
        headers['content-length'],
        Buffer.concat(parts).toString(),
      ];
      response.writeHead(201, { 'x-two': '2' }).end(JSON.stringify(got));
    });
    const body = 'häßlich';
    const answer = await send(url, { method: 'DELETE', headers: { 'x-one': '1' }, body });
    expect(answer).toMatchObject({ status: 201, ok: true });
    expect(answer.headers.get('X-Two')).toBe('2');
    expect(answer.headers.get('x-three')).toBeNull();
    expect(JSON.parse(await answer.text())).toEqual(['DELETE', '/a?b=c', '1', '9', body]);
  });

  it('keeps characters whole that come in two parts', async () => {
    const [first, second] = [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)];
    const url = await serving((_, response) => {
      response.write(first, () => setImmediate(() => response.end(second)));
    });
    expect(await (await send(url, {})).text()).toBe('ä');
  });

  it('follows no redirection', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serving((request, response) => {
      asked.push(request.url);
      response.writeHead(308, { location: '/elsewhere' }).end();
    });
    expect(await send(url, {})).toMatchObject({ status: 308, ok: false });
    expect(asked).toEqual(['/a?b=c']);
  });

  it('throws where nobody listens, with the code of the cause', async () => {
    const url = await serving(() => {});
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(send(url, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('throws where the connection breaks, before the answer and within it', async () => {
    const before = await serving((request) => void request.socket.destroy());
    await expect(send(before, {})).rejects.toMatchObject({ code: 'ECONNRESET' });
    const within = await serving((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => request.socket.destroy());
    });
    await expect(send(within, {})).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('throws the reason of a signal, before the answer and within it', async () => {
    const silent = await serving(() => {});
    const stopped = new Error('enough');
    await expect(send(silent, { signal: AbortSignal.abort(stopped) })).rejects.toBe(stopped);
    const stop = new AbortController();
    const within = await serving((_, response) => {
      response.writeHead(200);
      response.write('half', () => stop.abort(stopped));
    });
    await expect(send(within, { signal: stop.signal })).rejects.toBe(stopped);
  });

  it('throws at once for a header that no request can have', async () => {
    const url = await serving(() => {});
    await expect(send(url, { headers: { authorization: 'Bearer a\nb' } })).rejects.toMatchObject({
      code: 'ERR_INVALID_CHAR',
    });
  });
});
