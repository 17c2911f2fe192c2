import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Egress, EgressRequest, EgressResult } from '../../ports/egress.ts';
import {
  addressesOf,
  pinnedTo,
  problemOfAddresses,
  problemOfUrl,
  type Resolve,
  resolveAll,
} from './destination.ts';

/**
 * Outgoing HTTPS. The name is resolved once, all its addresses must be public, and the socket connects to exactly those:
 * a second answer of the name server is never asked for. No redirect is followed, no connection is shared, no proxy is used.
 * `allowLoopback` lets loopback addresses pass, by http too: set on one machine only.
 */
export function httpsEgress(settings: { allowLoopback: boolean; resolve?: Resolve }): Egress {
  const resolve = settings.resolve ?? resolveAll;
  return {
    async send(request) {
      const url = URL.parse(request.url);
      const wrong = url === null ? 'not a URL' : problemOfUrl(url, settings.allowLoopback);
      if (url === null || wrong !== undefined) return forbidden(wrong ?? 'not a URL');
      const attempt = { deadline: AbortSignal.timeout(request.timeout_ms), sent: false };
      try {
        const addresses = await beforeDeadline(attempt.deadline, addressesOf(url, resolve));
        const problem = problemOfAddresses(url, addresses, settings.allowLoopback);
        if (problem !== undefined) return forbidden(problem);
        return await exchange(url, addresses, request, attempt);
      } catch (error) {
        const { sent, deadline } = attempt;
        const late = deadline.aborted;
        return { result: 'unanswered', message: late ? 'no answer in time' : reasonOf(error), late, sent };
      }
    },
  };
}

/** One call: its deadline, and whether a byte of it may have left. */
type Attempt = { readonly deadline: AbortSignal; sent: boolean };

/**
 * One request and its answer. Nothing is written before the connection stands, TLS included, so that a peer that was never reached
 * is told apart from one that may have acted. Every way in which a connection ends settles the promise, and so does the deadline.
 */
function exchange(
  url: URL,
  addresses: readonly LookupAddress[],
  request: EgressRequest,
  attempt: Attempt,
): Promise<EgressResult> {
  return new Promise((done, fail) => {
    const secure = url.protocol === 'https:';
    const call = (secure ? httpsRequest : httpRequest)(url, {
      method: request.method,
      headers: { ...request.headers, ...lengthOf(request.body) },
      agent: false,
      lookup: pinnedTo(addresses),
    });
    let heard: IncomingMessage | undefined;
    call.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        attempt.sent = true;
        call.end(request.body);
      });
    });
    call.on('response', (response) => {
      heard = response;
      readBody(response, request.max_bytes).then(done, fail);
    });
    // `101 Switching Protocols` hands the connection over: it is an answer, and the connection is of no use.
    call.on('upgrade', (response, socket) => {
      socket.destroy();
      done(answered(response, '', false));
    });
    // What breaks after the status is a body that is cut.
    call.on('error', (error) => {
      if (heard === undefined) fail(error);
    });
    call.on('close', () => {
      if (heard === undefined) fail(new Error('closed'));
    });
    const late = () => {
      if (heard === undefined) fail(attempt.deadline.reason);
      heard?.destroy(new Error('late'));
      call.destroy();
    };
    if (attempt.deadline.aborted) late();
    else attempt.deadline.addEventListener('abort', late, { once: true });
  });
}

function lengthOf(body: string | undefined): { readonly 'content-length'?: number } {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
}

/** Reads at most `limit` bytes. Once the status is here the peer has spoken: a body that breaks off is cut, not an error. */
async function readBody(response: IncomingMessage, limit: number): Promise<EgressResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  try {
    for await (const chunk of response) {
      const bytes: Buffer = Buffer.from(chunk);
      chunks.push(bytes.subarray(0, limit - size));
      size += bytes.length;
      truncated = size > limit;
      if (truncated) break;
    }
  } catch {
    truncated = true;
  }
  response.destroy();
  return answered(response, Buffer.concat(chunks).toString('utf8'), truncated);
}

function answered(response: IncomingMessage, body: string, truncated: boolean): EgressResult {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  const status = response.statusCode ?? 0;
  return { result: 'answered', status, headers: Object.fromEntries(headers), body, truncated };
}

/** Rejects at the deadline, though a name server's answer cannot be called off. */
function beforeDeadline<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason), { once: true });
    work.then(done, fail);
  });
}

function forbidden(message: string): EgressResult {
  return { result: 'forbidden', message };
}

/** The system's word for what went wrong (`ECONNREFUSED`, `ENOTFOUND`, a TLS code): names no secret. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'failed';
}
