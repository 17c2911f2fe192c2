import { createServer, type IncomingMessage, type Server } from 'node:http';

/** One request as the gateway saw it. */
export type Seen = { readonly key: string; readonly body: { readonly [name: string]: unknown } };

/** How the gateway answers the n-th request of one idempotency key (from 0); `hang` never answers, `drop` cuts the line. */
export type Behaviour = (key: string, n: number) => number | 'hang' | 'drop';

/** A real HTTP gateway on loopback that remembers every request and deploys once per idempotency key. */
export class GatewayServer {
  readonly seen: Seen[] = [];
  readonly deployed = new Map<string, Seen>();
  behaviour: Behaviour = () => 200;
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<GatewayServer> {
    const server = createServer();
    const gateway = new GatewayServer(server);
    server.on('request', async (request, response) => {
      const body = await bodyOf(request);
      const key = String(request.headers['idempotency-key'] ?? '');
      const n = gateway.seen.filter((one) => one.key === key).length;
      const seen = { key, body: JSON.parse(body) };
      gateway.seen.push(seen);
      const answer = gateway.behaviour(key, n);
      if (answer === 'hang') return;
      if (answer === 'drop') return void request.socket.destroy();
      if (answer < 300) gateway.deployed.set(key, gateway.deployed.get(key) ?? seen);
      response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the gateway does not listen');
    return `http://127.0.0.1:${address.port}/deploy`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
