import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a listener saw it. */
export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/** A real HTTP server on a free port: `connections` counts sockets, so that "nothing was sent" can be seen. */
export type Listener = {
  readonly port: number;
  readonly received: Received[];
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

/** Starts one; `answer` decides about each request after its body was read. */
export async function listen(
  answer: (request: Received, ...rest: Parameters<RequestListener>) => void,
  settings: { readonly host?: string; readonly tls?: { readonly key: string; readonly cert: string } } = {},
): Promise<Listener> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const seen = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    received.push(seen);
    answer(seen, request, response);
  };
  const server: Server = settings.tls ? createTlsServer(settings.tls, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, settings.host ?? '127.0.0.1', ready));
  return {
    port: portOf(server.address()),
    received,
    connections: () => connections,
    stop: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return address.port;
}
