import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpRequest } from './event.ts';
import { gatewayAnswer, type HttpAnswer } from './gateway-answer.ts';

/** The payload limit of an HTTP API, in bytes. */
const maxBodyBytes = 10 * 1024 * 1024;

/** Milliseconds that requests under way get when the server stops. */
const graceMs = 5000;

/** A server on the loopback interface. */
export interface HttpServer {
  stop(): Promise<void>;
}

/** Answers requests below a path itself, reading their bodies as they arrive: the payload limit is not for them. */
export interface StreamHandler {
  readonly prefix: string;
  respond(incoming: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Where a server listens, and who is refused before any handler sees the request. */
export interface Listening {
  readonly port: number;
  readonly address: string;
  readonly refusal?: ((incoming: IncomingMessage) => Promise<HttpAnswer | undefined>) | undefined;
}

/** Listens and answers every request with `handle`; a handler that throws is a 500. */
export async function startHttpServer(
  { port, address, refusal }: Listening,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
  streams: readonly StreamHandler[] = [],
): Promise<HttpServer> {
  const server = createServer(async (incoming, response) => {
    try {
      const refused = await refusal?.(incoming);
      if (refused !== undefined) {
        send(response, refused, incoming);
        incoming.resume();
        return;
      }
      const stream = streams.find(({ prefix }) => incoming.url?.startsWith(prefix));
      await (stream?.respond(incoming, response) ?? respond(incoming, response, handle));
    } catch {
      response.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return { stop: () => stop(server) };
}

async function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<void> {
  const requestId = randomUUID();
  const body = await readBody(incoming);
  const answer = body === undefined ? gatewayAnswer(413) : await answerTo(incoming, body, requestId, handle);
  response.setHeader('apigw-requestid', requestId);
  if (body === undefined) response.setHeader('connection', 'close');
  send(response, answer, incoming);
}

function send(
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  incoming: IncomingMessage,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.setHeader('content-length', body.length);
  response.end(incoming.method === 'HEAD' ? undefined : body);
}

async function answerTo(
  incoming: IncomingMessage,
  body: Buffer,
  requestId: string,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const [rawPath = '/', ...query] = (incoming.url ?? '/').split('?');
  const path = decoded(rawPath);
  if (path === undefined) return gatewayAnswer(400);
  try {
    return await handle({
      method: incoming.method ?? 'GET',
      path,
      rawPath,
      rawQuery: query.join('?'),
      headers: incoming.headers,
      body,
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      receivedAt: Date.now(),
      requestId,
    });
  } catch (error) {
    process.stderr.write(`${requestId} ${error instanceof Error ? error.stack : String(error)}\n`);
    return gatewayAnswer(500);
  }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The body, or undefined when it is too large; the rest of it is then not read. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Connections that clients keep are closed as soon as they are idle; after the grace all are. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const grace = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(grace);
      resolve();
    });
  });
}
