import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { functionUrlPrefix } from '../cloudformation/physical.ts';
import type { StreamingFunctions } from '../lambda/functions.ts';
import { localAccountId } from '../surroundings.ts';
import { eventOf } from './event.ts';
import { gatewayAnswer } from './gateway-answer.ts';
import type { StreamHandler } from './server.ts';

/** What stands before the body of a streamed answer, and how the two are kept apart. */
const preludeSchema = z.looseObject({
  statusCode: z.number().int().min(200).max(599).default(200),
  headers: z.record(z.string(), z.coerce.string()).default({}),
});
const delimiter = Buffer.alloc(8);

/** What Lambda answers itself where a function answered nothing. */
const UNSERVED = { unknown: 404, throttled: 429, failed: 502, done: 502 } as const;

/** Functions that have a URL of their own and stream their answers: payload format 2.0, without bodies of requests, which none reads. */
export function functionUrls(names: readonly string[], functions: StreamingFunctions): StreamHandler {
  return {
    prefix: functionUrlPrefix,
    async respond(incoming, response) {
      const [path = '', rawQuery = ''] = (incoming.url ?? '').slice(functionUrlPrefix.length).split('?');
      const [name = ''] = path.split('/');
      const outcome = names.includes(name)
        ? await streamed(functions, name, requestOf(incoming, path.slice(name.length), rawQuery), response)
        : 'unknown';
      if (outcome === 'done' && response.headersSent) return void response.end();
      if (response.headersSent) return void response.destroy();
      const { status, headers, body } = gatewayAnswer(UNSERVED[outcome]);
      response.writeHead(status, { ...headers, 'content-length': body.length });
      response.end(body);
    },
  };
}

function requestOf(incoming: IncomingMessage, rawPath: string, rawQuery: string) {
  return {
    method: incoming.method ?? 'GET',
    path: rawPath,
    rawPath,
    rawQuery,
    headers: incoming.headers,
    body: Buffer.alloc(0),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    receivedAt: Date.now(),
    requestId: randomUUID(),
  };
}

async function streamed(
  functions: StreamingFunctions,
  name: string,
  request: Parameters<typeof eventOf>[0],
  response: ServerResponse,
) {
  const route = { key: '$default', functionName: name, timeoutMs: 0, authorizer: { kind: 'none' } } as const;
  const event = eventOf(request, name, localAccountId, { route, pathParameters: {} }, undefined);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let before = Buffer.alloc(0);
  return await functions.stream(name, event, {
    gone: gone.signal,
    async take(bytes) {
      if (response.headersSent) return await written(response, bytes, gone.signal);
      before = Buffer.concat([before, bytes]);
      const end = before.indexOf(delimiter);
      if (end < 0) return;
      const { statusCode, headers } = preludeSchema.parse(JSON.parse(before.subarray(0, end).toString()));
      response.writeHead(statusCode, headers);
      response.flushHeaders();
      await written(response, before.subarray(end + delimiter.length), gone.signal);
    },
  });
}

/** Settles when the client took what was written, or is gone. */
async function written(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (response.destroyed || bytes.length === 0 || response.write(bytes)) return;
  await once(response, 'drain', { signal }).catch(() => {});
}
