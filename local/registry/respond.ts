import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { StreamHandler } from '../http-api/server.ts';
import { jsonAnswer, type RegistryAnswer } from './answer.ts';
import { type Registry, registryPrefix } from './registry.ts';

/** The registry as the HTTP server takes it; what fails is a 500 and a line on stderr. */
export function registryHandler(registry: Registry): StreamHandler {
  return {
    prefix: registryPrefix,
    async respond(incoming, response) {
      const answer = await registry.answer(incoming).catch((error: unknown) => {
        // The client went away in the middle of its body: nobody is there to be answered.
        if (incoming.errored !== null) throw error;
        process.stderr.write(`registry: ${error instanceof Error ? error.stack : String(error)}\n`);
        return jsonAnswer(500, { errors: [{ code: 'UNKNOWN', message: 'the registry failed' }] });
      });
      // A body that nobody wanted is not read: the connection ends with the answer.
      if (!incoming.complete) response.setHeader('connection', 'close');
      await send(answer, response, incoming.method === 'HEAD');
    },
  };
}

async function send({ status, headers, body }: RegistryAnswer, response: ServerResponse, head: boolean) {
  response.writeHead(status, Buffer.isBuffer(body) ? { 'content-length': body.length, ...headers } : headers);
  if (head || body === undefined) {
    response.end();
  } else if (Buffer.isBuffer(body)) {
    response.end(body);
  } else {
    const { file, start, end } = body;
    await pipeline(createReadStream(file, { start, end }), response);
  }
}
