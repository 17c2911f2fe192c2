import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { ChunkStream } from '../../ports/registry.ts';
import { type Exchange, ForbiddenAddress, type OciRequest, type OciResponse } from '../oci/exchange.ts';
import {
  addressesOf,
  pinnedTo,
  problemOfAddresses,
  problemOfUrl,
  type Resolve,
  resolveAll,
} from './destination.ts';

/** Milliseconds of silence, before the answer or within its body, after which a peer is given up. */
const IDLE_MS = 30_000;

/** Bytes that a body brings in that time at least, while somebody waits for them. */
const LEAST_BYTES = 16 * 1024;

/** Bytes of an unwanted body that are read so that its connection can be used again. */
const DRAINED_BYTES = 64 * 1024;

/**
 * Outgoing HTTPS whose answers are read as they come, for content of gigabytes. The same addresses are called as by
 * `httpsEgress`: public ones, checked for every connection; loopback, by http too, on one machine only.
 */
export function streamingEgress(settings: {
  allowLoopback: boolean;
  resolve?: Resolve;
  idleMs?: number;
}): Exchange {
  const resolve = settings.resolve ?? resolveAll;
  const { allowLoopback, idleMs = IDLE_MS } = settings;
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return async (request) => {
    const url = URL.parse(request.url);
    const wrong = url === null ? 'not a URL' : problemOfUrl(url, allowLoopback);
    if (url === null || wrong !== undefined) throw new ForbiddenAddress(wrong ?? 'not a URL');
    const checked = async () => {
      const addresses = await addressesOf(url, resolve);
      const problem = problemOfAddresses(url, addresses, allowLoopback);
      if (problem !== undefined) throw new ForbiddenAddress(problem);
      return pinnedTo(addresses);
    };
    // A literal address is never looked up by the socket: it is checked here, a name when a connection is made.
    if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) await checked();
    return open(url, request, { agents, idleMs, lookup: lookupOf(checked) });
  };
}

/** Connects to the addresses that were checked, and to no others. */
function lookupOf(checked: () => Promise<LookupFunction>): LookupFunction {
  return (host, options, answer) => {
    checked().then(
      (pinned) => pinned(host, options, answer),
      (error: Error) => answer(error, ''),
    );
  };
}

function open(
  url: URL,
  { method, headers, body }: OciRequest,
  {
    agents,
    idleMs,
    lookup,
  }: { agents: { http: HttpAgent; https: HttpsAgent }; idleMs: number; lookup: LookupFunction },
): Promise<OciResponse> {
  return new Promise((done, fail) => {
    const secure = url.protocol === 'https:';
    const writes = method !== 'GET' && method !== 'HEAD';
    const length = body !== undefined || writes ? { 'content-length': body?.length ?? 0 } : {};
    const options = { method, headers: { ...headers, ...length }, lookup };
    const call = secure
      ? httpsRequest(url, { ...options, agent: agents.https })
      : httpRequest(url, { ...options, agent: agents.http });
    call.setTimeout(idleMs, () => call.destroy(new Error('no answer in time')));
    call.on('error', fail);
    call.on('close', () => fail(new Error('the connection was closed')));
    call.on('upgrade', (_, socket) => {
      socket.destroy();
      fail(new Error('the peer wants another protocol'));
    });
    let answered = false;
    call.on('response', (response) => {
      answered = true;
      // What is left of the request would be waited for on this connection.
      response.once('end', () => call.writableFinished || call.destroy());
      giveUpDripping(response, idleMs);
      done(answerOf(response, method === 'HEAD'));
    });
    if (body === undefined || body instanceof Uint8Array) call.end(body);
    else sendAll(call, body, () => answered).catch((error: Error) => call.destroy(error));
  });
}

/** Sends a body as it comes. A peer that answers before it has all of it wants no more. */
async function sendAll(call: ClientRequest, body: ChunkStream, answered: () => boolean): Promise<void> {
  for await (const part of body.open()) {
    if (answered() || call.destroyed) break;
    if (!call.write(part)) await writable(call);
  }
  if (!answered() && !call.destroyed) call.end();
}

function writable(call: ClientRequest): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      for (const event of EVENTS) call.off(event, go);
      done();
    };
    for (const event of EVENTS) call.on(event, go);
  });
}

/** After which of a request's events its next part is tried. */
const EVENTS = ['drain', 'response', 'close'] as const;

/** A byte now and then is no silence, and would be waited for until the function ends. What waits to be read is not the peer's fault. */
function giveUpDripping(response: IncomingMessage, idleMs: number): void {
  const { socket } = response;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    const brought = socket.bytesRead - before;
    before = socket.bytesRead;
    if (brought < LEAST_BYTES && response.readableLength === 0 && !response.complete) {
      response.destroy(new Error('the answer comes too slowly'));
    }
  }, idleMs);
  timer.unref();
  response.once('close', () => clearInterval(timer));
}

function answerOf(response: IncomingMessage, bodiless: boolean): OciResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: response,
    discard() {
      const small = Number(response.headers['content-length'] ?? Number.NaN) <= DRAINED_BYTES;
      if (small || bodiless) response.resume();
      else response.destroy();
    },
  };
}
