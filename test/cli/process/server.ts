import { createServer } from 'node:http';
import type { World } from '../../handlers/api-world.ts';
import { fetchOf } from '../cli-world.ts';

export type Served = {
  readonly url: string;
  /** Stops listening and drops every connection, as a server that dies does. */
  die(): Promise<void>;
};

/** The API of a world at an address of this machine, for a command line that is a process. `port` 0 takes any that is free. */
export async function serve(world: World, port = 0): Promise<Served> {
  const ask = fetchOf(world);
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts).toString('utf8');
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const answer = await ask(`http://127.0.0.1${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers.filter(([name]) => !['connection', 'host', 'content-length'].includes(name)),
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    die: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
