// @ts-check
/**
 * Response streaming as the Node runtime of Lambda has it: the global `awslambda`, and the stream that a handler writes to. JavaScript for
 * the same reason as the worker.
 */
import { Writable } from 'node:stream';

/** @import { StreamMessage } from './protocol.ts' */
/** @typedef {(write: (bytes: Uint8Array) => void) => void} BeforeFirst */

/** Between the prelude and the body of an answer. */
const DELIMITER = new Uint8Array(8);

/** What a handler writes to. The next chunk goes when the client took the one before. */
export class ResponseStream extends Writable {
  /** @type {BeforeFirst | undefined} */
  beforeFirst;
  /** @type {(() => void) | undefined} */
  #taken;
  /** @type {(message: StreamMessage) => void} */
  #send;
  /** @type {string} */
  #requestId;

  /**
   * @param {string} requestId
   * @param {(message: StreamMessage) => void} send
   */
  constructor(requestId, send) {
    super({ highWaterMark: 16_384 });
    this.#requestId = requestId;
    this.#send = send;
  }

  setContentType() {}

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _
   * @param {(error?: Error | null) => void} done
   */
  _write(chunk, _, done) {
    /** @type {Uint8Array[]} */
    const parts = [];
    this.beforeFirst?.((bytes) => parts.push(bytes));
    this.beforeFirst = undefined;
    this.#taken = () => done();
    this.#send({ type: 'chunk', requestId: this.#requestId, bytes: Buffer.concat([...parts, chunk]) });
  }

  /** The client took what was sent. */
  taken() {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }
}

/** Marks a handler that writes its answer to a stream. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** @type {object} */
export const awslambda = {
  /** @param {object} handler */
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: 'response' }),
  HttpResponseStream: {
    /**
     * @param {ResponseStream} stream
     * @param {object} prelude
     */
    from(stream, prelude) {
      stream.beforeFirst = (write) => {
        write(Buffer.from(JSON.stringify(prelude)));
        write(DELIMITER);
      };
      return stream;
    },
  },
};
