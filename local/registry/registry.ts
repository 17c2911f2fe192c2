import type { IncomingMessage } from 'node:http';
import { emptyAnswer, errorAnswer, type RegistryAnswer, RegistryError } from './answer.ts';
import { Blobs } from './blobs.ts';
import { Content } from './content.ts';
import { isDigest, isName } from './grammar.ts';
import { Manifests, maxManifestBytes } from './manifests.ts';
import { created, Uploads } from './uploads.ts';
import { authenticate, unauthorized, type Writers } from './writers.ts';

/** Everything below `/v2/` belongs to the registry. */
export const registryPrefix = '/v2/';

/** A registry of the OCI Distribution Specification 1.1, with the referrers API. */
export interface Registry {
  /** Answers a request below `/v2/`; its body is read as it arrives. Never rejects for what a client sends. */
  answer(incoming: IncomingMessage): Promise<RegistryAnswer>;
}

/** Opens the registry whose files lie in a directory. Reading takes no credentials unless it is closed, writing does. */
export async function openRegistry(directory: string, writers: Writers): Promise<Registry> {
  const content = new Content(directory);
  const blobs = new Blobs(content);
  const stores: Stores = {
    blobs,
    uploads: new Uploads(content, blobs),
    manifests: new Manifests(content, blobs),
  };
  await stores.uploads.collect(Date.now());
  return {
    async answer(incoming) {
      try {
        return await answer(incoming, stores, writers);
      } catch (error) {
        if (error instanceof RegistryError) return errorAnswer(error);
        throw error;
      }
    },
  };
}

interface Stores {
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  readonly manifests: Manifests;
}

async function answer(incoming: IncomingMessage, stores: Stores, writers: Writers): Promise<RegistryAnswer> {
  const { closed = false } = writers;
  if (!closed) assertThisMachine(incoming.headers.host);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const known = await authenticate(incoming.headers.authorization, writers);
  const method = incoming.method ?? 'GET';
  // The base path challenges: clients learn here how to send the credentials that they have.
  if (url.pathname === registryPrefix) {
    if (!known) throw unauthorized('send credentials to write; reading takes none');
    return emptyAnswer(200, { 'docker-distribution-api-version': 'registry/2.0' });
  }
  const reads = method === 'GET' || method === 'HEAD';
  if (!known && (closed || !reads)) throw unauthorized(`${reads ? 'reading' : 'writing'} takes credentials`);
  return route({ incoming, method, query: url.searchParams, path: url.pathname, ...stores });
}

/** One request with what it works on. */
interface Request extends Stores {
  readonly incoming: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The end points of the specification: after the name, which may have slashes itself. */
const ROUTES = /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|referrers|tags)\/?([^/]*)$/;

async function route(request: Request): Promise<RegistryAnswer> {
  const [, name, what, last = ''] = ROUTES.exec(request.path) ?? [];
  if (name === undefined || !isName(name)) {
    throw new RegistryError('NAME_INVALID', 'the path names no repository, or one in capitals or with signs');
  }
  switch (what) {
    case 'blobs/uploads':
      return last === '' ? openUpload(request, name) : continueUpload(request, name, last);
    case 'blobs':
      return onBlob(request, name, last);
    case 'manifests':
      return onManifest(request, name, last);
    case 'referrers':
      return request.manifests.referrers(
        name,
        digestIn(last),
        request.query.get('artifactType') ?? undefined,
      );
    default:
      return onTags(request, name, last);
  }
}

/** `POST`: an upload, a mount from another repository (201 when the blob is there), or the whole blob at once. */
async function openUpload({ incoming, method, query, blobs, uploads }: Request, name: string) {
  if (method !== 'POST') throw unsupported(method);
  const mount = query.get('mount');
  const from = query.get('from');
  if (mount !== null && from !== null && isName(from) && isDigest(mount)) {
    const there = (await blobs.sizeIn(from, mount)) !== undefined;
    if (there && (await blobs.link(name, mount))) return created(name, mount);
  }
  const opened = await uploads.open(name);
  const digest = query.get('digest');
  if (digest === null) return opened;
  return uploads.finish(name, opened.headers['docker-upload-uuid'] ?? '', digestIn(digest), incoming);
}

async function continueUpload({ incoming, method, query, uploads }: Request, name: string, id: string) {
  switch (method) {
    case 'GET':
      return uploads.status(name, id);
    case 'PATCH':
      return uploads.append(name, id, incoming);
    case 'PUT':
      return uploads.finish(name, id, digestIn(query.get('digest') ?? ''), incoming);
    case 'DELETE':
      return uploads.cancel(name, id);
    default:
      throw unsupported(method);
  }
}

async function onBlob({ incoming, method, blobs }: Request, name: string, digest: string) {
  if (method === 'GET' || method === 'HEAD') {
    return blobs.answer(name, digestIn(digest), incoming.headers.range);
  }
  if (method === 'DELETE') return blobs.remove(name, digestIn(digest));
  throw unsupported(method);
}

async function onManifest({ incoming, method, manifests }: Request, name: string, reference: string) {
  if (method === 'GET' || method === 'HEAD') return manifests.answer(name, reference);
  if (method === 'DELETE') return manifests.remove(name, reference);
  if (method !== 'PUT') throw unsupported(method);
  return manifests.put(name, reference, await readBounded(incoming), incoming.headers['content-type']);
}

async function onTags({ method, query, manifests }: Request, name: string, last: string) {
  if (method !== 'GET' || last !== 'list') throw unsupported(method);
  const n = query.get('n');
  if (n !== null && !/^\d{1,6}$/.test(n)) throw new RegistryError('UNSUPPORTED', 'n must be a whole number');
  return manifests.tags(name, n === null ? undefined : Number(n), query.get('last') ?? undefined);
}

async function readBounded(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxManifestBytes) {
      throw new RegistryError('SIZE_INVALID', `a manifest has at most ${maxManifestBytes} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function digestIn(text: string): string {
  if (isDigest(text)) return text;
  throw new RegistryError('DIGEST_INVALID', 'a digest is sha256: and 64 hexadecimal digits');
}

/** Only names of this machine are served, so that no web page can rebind to it. */
function assertThisMachine(host = ''): void {
  if (['127.0.0.1', 'localhost', '[::1]'].includes(host.replace(/:\d+$/, ''))) return;
  throw new RegistryError('UNAUTHORIZED', 'this registry answers on its own machine alone');
}

const unsupported = (method: string) => new RegistryError('UNSUPPORTED', `${method} is not offered here`);
