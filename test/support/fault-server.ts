import { connect, createServer, type Socket } from 'node:net';

/** One way in which a peer misbehaves, written to a raw connection after its request has begun to arrive: `first` is what came of it. */
export type WireFault = (socket: Socket, first: Buffer) => void;

const text =
  (...lines: readonly string[]): WireFault =>
  (socket) =>
    void socket.write(`${lines.join('\r\n')}\r\n\r\n`);

/** An answer with a status and a JSON body. */
export const answering =
  (status: number, body: object = {}): WireFault =>
  (socket) => {
    const json = JSON.stringify(body);
    const head = [`HTTP/1.1 ${status} X`, 'content-type: application/x-amz-json-1.1'];
    socket.end(`${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  };

/** No fault at all: everything goes on to a server on loopback, and back. */
export const passing =
  (port: number): WireFault =>
  (socket, first) => {
    const behind = connect(port, '127.0.0.1');
    behind.on('error', () => socket.destroy());
    socket.on('close', () => behind.destroy());
    behind.write(first);
    socket.pipe(behind).pipe(socket);
  };

function endless(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
  const more = () => {
    if (!socket.writable) return;
    if (socket.write('4\r\n    \r\n')) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}

function dripping(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
  const timer = setInterval(() => socket.write(' '), 20);
  socket.on('close', () => clearInterval(timer));
}

/** What any peer may do that is no answer of its protocol. */
export const WIRE_FAULTS: { readonly [name: string]: WireFault } = {
  'switching protocols': text('HTTP/1.1 101 Switching Protocols', 'connection: upgrade', 'upgrade: h2c'),
  'a hang': () => {},
  'a reset': (socket) => void socket.resetAndDestroy(),
  'a closed connection': (socket) => void socket.end(),
  'an endless body': endless,
  'a dripping body': dripping,
  'hints without an answer': text('HTTP/1.1 103 Early Hints', 'link: </a>'),
  'no HTTP': text('220 smtp.example ESMTP'),
};

/** A server on loopback that answers every connection with the fault of the moment. */
export async function faultServer() {
  const sockets = new Set<Socket>();
  const state: { fault: WireFault; connections: number } = { fault: () => {}, connections: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    state.connections += 1;
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', (first) => state.fault(socket, first));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  });
}
