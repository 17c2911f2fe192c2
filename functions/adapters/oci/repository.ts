import { createHash } from 'node:crypto';
import type { Descriptor } from '../../domain/artifact/descriptor.ts';
import { MANIFEST_TYPES, MAX_MANIFEST_BYTES } from '../../domain/artifact/manifest.ts';
import { type Digest, digestOfBytes, isDigest } from '../../domain/digest.ts';
import {
  type Alone,
  type ChunkStream,
  RegistryFault,
  type Repository,
  type StoredManifest,
  type UploadPosition,
} from '../../ports/registry.ts';
import { type OciResponse, readBounded } from './exchange.ts';
import { listReferrer, readReferrers } from './referrers.ts';
import type { Transport } from './transport.ts';

/** A repository of a registry behind a transport. `path` is its name there. */
export class OciRepository implements Repository {
  readonly name: string;
  readonly path: string;
  readonly transport: Transport;

  constructor(transport: Transport, path: string) {
    this.transport = transport;
    this.path = path;
    this.name = `${new URL(transport.origin).host}/${path}`;
  }

  sharesBlobsWith(other: Repository): boolean {
    return other instanceof OciRepository && other.transport.origin === this.transport.origin;
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    const response = await this.#send('HEAD', `manifests/${reference}`, {
      accept: MANIFEST_TYPES.join(', '),
    });
    response.discard();
    if (response.status === 404) return undefined;
    const { 'content-type': mediaType, 'content-length': length } = response.headers;
    const digest = response.headers['docker-content-digest'] ?? (isDigest(reference) ? reference : '');
    if (response.status !== 200) throw await this.transport.refused(response, `asking for ${reference}`);
    // Not every registry answers HEAD in full: then the manifest itself says what it is.
    if (mediaType === undefined || !isDigest(digest) || !/^\d+$/.test(length ?? '')) {
      const read = await this.readManifest(reference);
      return read && { mediaType: read.mediaType, digest: read.digest, size: read.bytes.length };
    }
    return { mediaType: bare(mediaType), digest, size: Number(length) };
  }

  async readManifest(reference: string): Promise<StoredManifest | undefined> {
    const response = await this.#send('GET', `manifests/${reference}`, { accept: MANIFEST_TYPES.join(', ') });
    if (response.status === 404) {
      response.discard();
      return undefined;
    }
    if (response.status !== 200) throw await this.transport.refused(response, `reading ${reference}`);
    const bytes = await readBounded(response, MAX_MANIFEST_BYTES);
    if (bytes === undefined)
      throw this.#corrupt(`a manifest of more than ${MAX_MANIFEST_BYTES} bytes for ${reference}`);
    const digest = digestOfBytes(bytes);
    const reported = response.headers['docker-content-digest'];
    const expected = isDigest(reference) ? reference : (reported ?? digest);
    if (digest !== expected) throw this.#corrupt(`bytes of ${digest} for ${reference} (${expected})`);
    return { digest, mediaType: bare(response.headers['content-type'] ?? ''), bytes };
  }

  async writeManifest(reference: string, { digest, mediaType, bytes }: StoredManifest): Promise<void> {
    const headers = { 'content-type': mediaType };
    const path = `manifests/${reference}`;
    const response = await this.#send('PUT', path, headers, { body: bytes, again: true });
    if (response.status !== 201) {
      const now = response.status < 500 && !isDigest(reference) ? await this.resolve(reference) : undefined;
      if (now !== undefined && now.digest !== digest && [400, 403, 409, 412].includes(response.status)) {
        response.discard();
        throw new RegistryFault(
          'tag_exists',
          `${this.name}:${reference} names ${now.digest} and does not move`,
        );
      }
      throw await this.transport.refused(response, `writing ${reference}`);
    }
    response.discard();
    const reported = response.headers['docker-content-digest'];
    if (reported !== undefined && reported !== digest) {
      throw this.#corrupt(`the digest ${reported} for a manifest of ${digest}`);
    }
  }

  async hasBlob(digest: Digest, size?: number): Promise<boolean> {
    const response = await this.#send('HEAD', `blobs/${digest}`);
    response.discard();
    if (response.status === 404) return false;
    if (response.status !== 200) throw await this.transport.refused(response, `asking for ${digest}`);
    const length = response.headers['content-length'] ?? 'an unknown number of';
    if (size !== undefined && length !== String(size)) {
      throw this.#corrupt(`${length} bytes as ${digest}, which has ${size}`);
    }
    return true;
  }

  async mountBlob(digest: Digest, from: Repository): Promise<boolean> {
    if (!(from instanceof OciRepository) || !this.sharesBlobsWith(from)) return false;
    const scope = `${pullScope(from.path)} ${this.#scope}`;
    const query = new URLSearchParams({ mount: digest, from: from.path });
    const response = await this.transport.send(
      { method: 'POST' },
      `/v2/${this.path}/blobs/uploads/?${query}`,
      { scope, again: true },
    );
    response.discard();
    if (response.status === 201) return true;
    // 202 opened an upload instead: it is left to be forgotten by the registry, the copy opens its own.
    if (response.status === 202 || response.status === 404) return false;
    throw await this.transport.refused(response, `mounting ${digest} from ${from.path}`);
  }

  async *readBlob(
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    from = 0,
  ): AsyncIterable<Uint8Array> {
    const headers = from === 0 ? undefined : { range: `bytes=${from}-` };
    const response = await this.#send('GET', `blobs/${digest}`, headers);
    // A registry without ranges sends all of it again; what is known already is passed over.
    let skip = response.status === 206 ? 0 : from;
    if (response.status !== 200 && response.status !== 206) {
      throw await this.transport.refused(response, `reading ${digest}`);
    }
    const hash = from === 0 || response.status === 200 ? createHash('sha256') : undefined;
    let at = response.status === 206 ? from : 0;
    for await (const chunk of response.body) {
      at += chunk.length;
      if (at > size) {
        response.discard();
        throw this.#corrupt(`more than the ${size} bytes of ${digest}`);
      }
      hash?.update(chunk);
      if (skip < chunk.length) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
    if (at !== size) throw new RegistryFault('registry_unavailable', `${this.name} broke off in ${digest}`);
    const found = hash === undefined ? digest : `sha256:${hash.digest('hex')}`;
    if (found !== digest) throw this.#corrupt(`bytes of ${found} for ${digest}`);
  }

  async openUpload(location?: string): Promise<UploadPosition> {
    if (location !== undefined) {
      const asked = await this.transport.send({ method: 'GET' }, location, {
        scope: this.#scope,
        again: true,
      });
      asked.discard();
      if (asked.status === 204) return positionOf(asked, location);
    }
    const response = await this.#send('POST', 'blobs/uploads/', undefined, { again: true });
    if (response.status !== 202) throw await this.transport.refused(response, 'opening an upload');
    response.discard();
    return { location: response.headers['location'] ?? '', received: 0 };
  }

  async sendChunk(
    { location, received }: UploadPosition,
    chunk: Uint8Array | ChunkStream,
  ): Promise<UploadPosition> {
    // Without a range the first chunk is what every client sends; only what follows says where it goes.
    const range = received === 0 ? {} : { 'content-range': `${received}-${received + chunk.length - 1}` };
    const headers = { 'content-type': 'application/octet-stream', ...range };
    const response = await this.transport.send({ method: 'PATCH', headers, body: chunk }, location, {
      scope: this.#scope,
      again: false,
    });
    if (response.status !== 202) throw await this.transport.refused(response, 'sending a chunk');
    response.discard();
    return positionOf(response, location, received + chunk.length);
  }

  async finishUpload({ location }: UploadPosition, digest: Digest): Promise<void> {
    const url = new URL(location, this.transport.origin);
    url.searchParams.set('digest', digest);
    const response = await this.transport.send({ method: 'PUT' }, url.href, {
      scope: this.#scope,
      again: false,
    });
    if (response.status !== 201)
      throw await this.transport.refused(response, `finishing the upload of ${digest}`);
    response.discard();
  }

  referrers(subject: Digest): Promise<readonly Descriptor[]> {
    return readReferrers(this, (path) => this.#send('GET', path), subject);
  }

  listReferrer(subject: Digest, referrer: Descriptor, alone: Alone): Promise<void> {
    return listReferrer(this, (path) => this.#send('GET', path), { subject, referrer, alone });
  }

  async tags(): Promise<readonly string[]> {
    const tags: string[] = [];
    let path: string | undefined = `/v2/${this.path}/tags/list?n=1000`;
    // Bounded: a registry whose pages lead in a circle does not hold us.
    for (let page = 0; path !== undefined && page < 100; page += 1) {
      const response = await this.transport.send({ method: 'GET' }, path, {
        scope: this.#scope,
        again: true,
      });
      if (response.status === 404) return tags;
      if (response.status !== 200) throw await this.transport.refused(response, 'listing tags');
      const body = await readBounded(response, MAX_MANIFEST_BYTES);
      tags.push(...tagsIn(body?.toString('utf8') ?? ''));
      path = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers['link'] ?? '')?.[1];
    }
    return tags;
  }

  untag(tag: string): Promise<boolean> {
    return this.#remove(tag);
  }

  removeManifest(digest: Digest): Promise<boolean> {
    return this.#remove(digest);
  }

  async #remove(reference: string): Promise<boolean> {
    const response = await this.#send('DELETE', `manifests/${reference}`, undefined, { again: true });
    response.discard();
    if (response.status === 202 || response.status === 200 || response.status === 404) return true;
    if (response.status === 405 || response.status === 400) return false;
    throw await this.transport.refused(response, `removing ${reference}`);
  }

  #send(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    headers: { readonly [name: string]: string } = {},
    { body, again = true }: { readonly body?: Uint8Array; readonly again?: boolean } = {},
  ): Promise<OciResponse> {
    const request = { method, headers, ...(body === undefined ? {} : { body }) };
    return this.transport.send(request, `/v2/${this.path}/${path}`, { scope: this.#scope, again });
  }

  get #scope(): string {
    return `repository:${this.path}:pull,push`;
  }

  #corrupt(what: string): RegistryFault {
    return new RegistryFault('registry_corrupt', `${this.name} sends ${what}: nothing of it is used`);
  }
}

const pullScope = (path: string): string => `repository:${path}:pull`;

/** A media type without parameters. */
const bare = (type: string): string => type.split(';')[0]?.trim() ?? '';

/**
 * How much of an upload the registry has. `Range: 0-0` is said of nothing and of one byte alike: it counts as nothing,
 * at most a byte is sent again. Absent after a chunk: all that was sent.
 */
function positionOf({ headers }: OciResponse, location: string, sent = 0): UploadPosition {
  const end = /^(?:bytes=)?0-(\d+)$/.exec(headers['range'] ?? '')?.[1];
  const received = end === undefined ? sent : end === '0' ? Math.min(sent, 1) : Number(end) + 1;
  return { location: headers['location'] ?? location, received };
}

function tagsIn(text: string): readonly string[] {
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('tags' in value) || !Array.isArray(value.tags))
    return [];
  return value.tags.filter((tag): tag is string => typeof tag === 'string');
}
