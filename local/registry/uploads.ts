import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat, truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { emptyAnswer, type RegistryAnswer, RegistryError } from './answer.ts';
import type { Blobs } from './blobs.ts';
import type { Content } from './content.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Milliseconds after which an upload that nobody continued is removed. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Resumable uploads: what has arrived is kept, and `GET` says how much that is. An upload belongs to its repository. */
export class Uploads {
  readonly #content: Content;
  readonly #blobs: Blobs;
  readonly #busy = new Set<string>();
  /** The digests of uploads as far as this process has written them: a whole blob is not read again. */
  readonly #running = new Map<string, Running>();

  constructor(content: Content, blobs: Blobs) {
    this.#content = content;
    this.#blobs = blobs;
  }

  /** Opens an upload. */
  async open(name: string): Promise<RegistryAnswer> {
    const id = randomUUID();
    await this.#content.write(this.#file(name, id), '');
    return this.#state(name, id, 202, 0);
  }

  /** How much of an upload has arrived. */
  async status(name: string, id: string): Promise<RegistryAnswer> {
    return this.#state(name, id, 204, await this.#size(name, id));
  }

  /** Appends a chunk; with `content-range` it must start where the last one ended, else the answer is 416. */
  async append(name: string, id: string, incoming: IncomingMessage): Promise<RegistryAnswer> {
    return this.#alone(name, id, async () => {
      const misplaced = await this.#receive(name, id, incoming);
      return misplaced ?? this.#state(name, id, 202, await this.#size(name, id));
    });
  }

  /** Takes the last chunk, if there is one, and makes the upload a blob. A wrong digest ends the upload. */
  async finish(name: string, id: string, digest: string, incoming: IncomingMessage): Promise<RegistryAnswer> {
    return this.#alone(name, id, async () => {
      const misplaced = await this.#receive(name, id, incoming);
      if (misplaced !== undefined) return misplaced;
      const file = this.#file(name, id);
      const found = await this.#digestOf(file, id);
      if (found !== digest) {
        await rm(file, { force: true });
        throw new RegistryError(
          'DIGEST_INVALID',
          `the uploaded bytes have the digest ${found}, not ${digest}`,
        );
      }
      await this.#content.adopt(file, digest);
      await this.#blobs.link(name, digest);
      return created(name, digest);
    });
  }

  /** Ends an upload without a blob. */
  async cancel(name: string, id: string): Promise<RegistryAnswer> {
    await this.#size(name, id);
    this.#running.delete(id);
    await rm(this.#file(name, id), { force: true });
    return emptyAnswer(204);
  }

  /** Removes uploads that nobody continued for a day. `now` in Unix milliseconds. */
  async collect(now: number): Promise<void> {
    for (const repository of await this.#content.list(this.#content.uploads)) {
      const folder = join(this.#content.uploads, repository);
      for (const id of await this.#content.list(folder)) {
        const { mtimeMs } = await stat(join(folder, id));
        if (now - mtimeMs <= abandonedMs) continue;
        this.#running.delete(id);
        await rm(join(folder, id), { force: true });
      }
    }
  }

  /** Writes the request's body at the end of the upload. What arrives before the connection breaks stays. */
  async #receive(name: string, id: string, incoming: IncomingMessage): Promise<RegistryAnswer | undefined> {
    const file = this.#file(name, id);
    const size = await this.#size(name, id);
    const [, start, end] = /^(?:bytes )?(\d+)-(\d+)/.exec(incoming.headers['content-range'] ?? '') ?? [];
    if (start !== undefined && Number(start) !== size) return this.#state(name, id, 416, size);
    const before = size === 0 ? { hash: createHash('sha256'), size } : this.#running.get(id);
    const running = before?.size === size ? before : undefined;
    // Kept again only once the chunk stays: a digest that has taken bytes which were cut off may fit the length of others.
    this.#running.delete(id);
    await append(incoming, file, running);
    const received = (await this.#size(name, id)) - size;
    if (end !== undefined && received !== Number(end) - size + 1) {
      await truncate(file, size);
      throw new RegistryError('BLOB_UPLOAD_INVALID', 'the body is not as long as Content-Range says');
    }
    if (running !== undefined) this.#running.set(id, running);
    return undefined;
  }

  /** The digest of what has arrived; read from the file where another process, or a request that broke off, wrote some of it. */
  async #digestOf(file: string, id: string): Promise<string> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    if (running?.size === (await this.#content.sizeOf(file))) return `sha256:${running?.hash.digest('hex')}`;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    return `sha256:${hash.digest('hex')}`;
  }

  /** Two requests never write one upload at once. */
  async #alone<T>(name: string, id: string, work: () => Promise<T>): Promise<T> {
    const key = `${name} ${id}`;
    if (this.#busy.has(key)) {
      throw new RegistryError('BLOB_UPLOAD_INVALID', 'another request is writing this upload');
    }
    this.#busy.add(key);
    return work().finally(() => this.#busy.delete(key));
  }

  async #size(name: string, id: string): Promise<number> {
    const size = UUID.test(id) ? await this.#content.sizeOf(this.#file(name, id)) : undefined;
    if (size === undefined) throw new RegistryError('BLOB_UPLOAD_UNKNOWN', 'there is no such upload');
    return size;
  }

  #state(name: string, id: string, status: number, size: number): RegistryAnswer {
    return emptyAnswer(status, {
      location: `/v2/${name}/blobs/uploads/${id}`,
      range: `0-${Math.max(0, size - 1)}`,
      'docker-upload-uuid': id,
    });
  }

  #file(name: string, id: string): string {
    return join(this.#content.uploads, createHash('sha256').update(name).digest('hex'), id);
  }
}

/** A digest, and of how many bytes it is. */
type Running = { readonly hash: Hash; size: number };

/** Writes chunk by chunk: a broken connection loses at most what has not arrived. */
async function append(incoming: IncomingMessage, file: string, running: Running | undefined): Promise<void> {
  const handle = await open(file, 'a');
  try {
    for await (const chunk of incoming) {
      const bytes = Buffer.from(chunk);
      await handle.appendFile(bytes);
      running?.hash.update(bytes);
      if (running !== undefined) running.size += bytes.length;
    }
  } finally {
    await handle.close();
  }
}

/** The answer to a blob that is there now. */
export function created(name: string, digest: string): RegistryAnswer {
  return emptyAnswer(201, {
    location: `/v2/${name}/blobs/${digest}`,
    'docker-content-digest': digest,
  });
}
