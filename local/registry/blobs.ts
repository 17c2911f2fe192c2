import { emptyAnswer, type RegistryAnswer, RegistryError } from './answer.ts';
import { type Content, hexOf } from './content.ts';

/** The blobs of repositories. */
export class Blobs {
  readonly #content: Content;

  constructor(content: Content) {
    this.#content = content;
  }

  /** The size of a blob in bytes, undefined when the repository does not have it. */
  async sizeIn(name: string, digest: string): Promise<number | undefined> {
    const linked = await this.#content.sizeOf(this.#link(name, digest));
    return linked === undefined ? undefined : this.#content.sizeOf(this.#content.blobFile(digest));
  }

  /** Gives a repository a blob whose bytes are there already; returns whether they are. */
  async link(name: string, digest: string): Promise<boolean> {
    if ((await this.#content.sizeOf(this.#content.blobFile(digest))) === undefined) return false;
    await this.#content.write(this.#link(name, digest), '');
    return true;
  }

  /** `GET` and `HEAD` of a blob, with byte ranges (RFC 9110 section 14). */
  async answer(name: string, digest: string, range: string | undefined): Promise<RegistryAnswer> {
    const size = await this.sizeIn(name, digest);
    if (size === undefined) throw new RegistryError('BLOB_UNKNOWN', `${name} has no blob ${digest}`);
    const headers = {
      'content-type': 'application/octet-stream',
      'docker-content-digest': digest,
      'accept-ranges': 'bytes',
    };
    const file = this.#content.blobFile(digest);
    const wanted = rangeOf(range, size);
    if (wanted === 'unsatisfiable') return emptyAnswer(416, { 'content-range': `bytes */${size}` });
    if (wanted === undefined) {
      return {
        status: 200,
        headers: { ...headers, 'content-length': String(size) },
        ...(size === 0 ? {} : { body: { file, start: 0, end: size - 1 } }),
      };
    }
    const { start, end } = wanted;
    return {
      status: 206,
      headers: {
        ...headers,
        'content-length': String(end - start + 1),
        'content-range': `bytes ${start}-${end}/${size}`,
      },
      body: { file, start, end },
    };
  }

  /** Takes a blob from a repository. The bytes stay: another repository may have them. */
  async remove(name: string, digest: string): Promise<RegistryAnswer> {
    if (!(await this.#content.remove(this.#link(name, digest)))) {
      throw new RegistryError('BLOB_UNKNOWN', `${name} has no blob ${digest}`);
    }
    return emptyAnswer(202);
  }

  #link(name: string, digest: string): string {
    return this.#content.inRepository(name, '_blobs', hexOf(digest));
  }
}

/** One byte range; undefined for none, or a form that a server may ignore. */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
