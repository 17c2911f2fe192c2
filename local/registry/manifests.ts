import { textOf } from '../json.ts';
import { emptyAnswer, jsonAnswer, type RegistryAnswer, RegistryError } from './answer.ts';
import type { Blobs } from './blobs.ts';
import { type Content, digestOf, hexOf } from './content.ts';
import { isDigest, isImmutableTag, isTag } from './grammar.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** Bytes of a manifest: what the specification asks registries to accept at least. */
export const maxManifestBytes = 4 * 1024 * 1024;

/** Manifests, tags and referrers of repositories. */
export class Manifests {
  readonly #content: Content;
  readonly #blobs: Blobs;

  constructor(content: Content, blobs: Blobs) {
    this.#content = content;
    this.#blobs = blobs;
  }

  /** `GET` and `HEAD` of a manifest by tag or digest. */
  async answer(name: string, reference: string): Promise<RegistryAnswer> {
    const digest = await this.#resolve(name, reference);
    const known = await this.#content.readObject(this.#manifest(name, digest));
    const bytes = known && (await this.#content.read(this.#content.blobFile(digest)));
    if (known === undefined || bytes === undefined) throw unknownManifest(name, reference);
    return {
      status: 200,
      headers: {
        'content-type': textOf(known['mediaType']) ?? 'application/octet-stream',
        'content-length': String(bytes.length),
        'docker-content-digest': digest,
        etag: `"${digest}"`,
      },
      body: bytes,
    };
  }

  /**
   * Stores a manifest as it came, with its tag when the reference is one. All that it lists must be there. A tag that
   * looks like a version does not move: another digest is `DENIED`.
   */
  async put(
    name: string,
    reference: string,
    bytes: Buffer,
    contentType: string | undefined,
  ): Promise<RegistryAnswer> {
    const digest = digestOf(bytes);
    if (!isTag(reference) && reference !== digest) {
      const problem = isDigest(reference)
        ? `the manifest has the digest ${digest}`
        : 'the reference is no tag and no digest';
      throw new RegistryError('DIGEST_INVALID', problem);
    }
    const manifest = readManifest(bytes, contentType);
    await this.#assertComplete(name, manifest);
    if (isTag(reference)) await this.#assertMovable(name, reference, digest);
    await this.#content.write(this.#content.blobFile(digest), bytes);
    await this.#refer(name, digest, bytes.length, manifest);
    await this.#content.write(
      this.#manifest(name, digest),
      JSON.stringify({ mediaType: manifest.mediaType, subject: manifest.subject?.digest }),
    );
    if (isTag(reference)) await this.#content.write(this.#tag(name, reference), digest);
    return emptyAnswer(201, {
      location: `/v2/${name}/manifests/${digest}`,
      'docker-content-digest': digest,
      ...(manifest.subject === undefined ? {} : { 'oci-subject': manifest.subject.digest }),
    });
  }

  /** Takes a tag from its manifest, or a manifest with all its tags from the repository. */
  async remove(name: string, reference: string): Promise<RegistryAnswer> {
    if (isTag(reference)) {
      if (!(await this.#content.remove(this.#tag(name, reference)))) throw unknownManifest(name, reference);
      return emptyAnswer(202);
    }
    const known = await this.#content.readObject(this.#manifest(name, reference));
    if (known === undefined) throw unknownManifest(name, reference);
    for (const tag of await this.#content.list(this.#content.inRepository(name, '_tags'))) {
      if ((await this.#tagged(name, tag)) === reference) await this.#content.remove(this.#tag(name, tag));
    }
    const subject = textOf(known['subject']);
    if (subject !== undefined) await this.#content.remove(this.#referrer(name, subject, reference));
    await this.#content.remove(this.#manifest(name, reference));
    return emptyAnswer(202);
  }

  /** One page of the tags, in order. `n` bounds it, `last` is the tag before it. */
  async tags(name: string, n: number | undefined, last: string | undefined): Promise<RegistryAnswer> {
    const all = await this.#content.list(this.#content.inRepository(name, '_tags'));
    if (all.length === 0 && (await this.#content.list(this.#content.inRepository(name))).length === 0) {
      throw new RegistryError('NAME_UNKNOWN', `there is no repository ${name}`);
    }
    const rest = all.filter((tag) => isTag(tag) && (last === undefined || tag > last));
    const tags = n === undefined ? rest : rest.slice(0, n);
    const more = tags.length < rest.length && tags.length > 0;
    const next = `</v2/${name}/tags/list?n=${n}&last=${tags.at(-1)}>; rel="next"`;
    return jsonAnswer(200, { name, tags }, 'application/json', more ? { link: next } : {});
  }

  /** The manifests whose subject is a digest, as an image index; of one artifact type when asked so. */
  async referrers(name: string, digest: string, artifactType: string | undefined): Promise<RegistryAnswer> {
    const folder = this.#content.inRepository(name, '_referrers', hexOf(digest));
    const found = await Promise.all(
      (await this.#content.list(folder)).map((hex) =>
        this.#content.readObject(this.#referrer(name, digest, `sha256:${hex}`)),
      ),
    );
    const manifests = found
      .filter((item) => item !== undefined)
      .filter((item) => artifactType === undefined || item['artifactType'] === artifactType);
    const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
    const filtered = artifactType === undefined ? {} : { 'oci-filters-applied': 'artifactType' };
    return jsonAnswer(200, index, index.mediaType, filtered);
  }

  async #assertComplete(name: string, manifest: Manifest): Promise<void> {
    for (const { digest } of manifest.blobs) {
      if ((await this.#blobs.sizeIn(name, digest)) !== undefined) continue;
      throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `${name} has no blob ${digest}: upload it first`);
    }
    for (const { digest } of manifest.manifests) {
      if ((await this.#content.readObject(this.#manifest(name, digest))) !== undefined) continue;
      throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `${name} has no manifest ${digest}: push it first`);
    }
  }

  async #assertMovable(name: string, tag: string, digest: string): Promise<void> {
    const current = isImmutableTag(tag) ? await this.#tagged(name, tag) : undefined;
    if (current === undefined || current === digest) return;
    throw new RegistryError('DENIED', `the tag ${tag} is immutable and names ${current}`);
  }

  /** Writes a manifest's descriptor where its subject's referrers are listed, before the manifest itself can be read. */
  async #refer(name: string, digest: string, size: number, manifest: Manifest): Promise<void> {
    const { subject, mediaType, artifactType, annotations } = manifest;
    if (subject === undefined) return;
    const descriptor = { mediaType, digest, size, artifactType, annotations };
    await this.#content.write(this.#referrer(name, subject.digest, digest), JSON.stringify(descriptor));
  }

  async #resolve(name: string, reference: string): Promise<string> {
    if (isDigest(reference)) return reference;
    const digest = isTag(reference) ? await this.#tagged(name, reference) : undefined;
    if (digest === undefined) throw unknownManifest(name, reference);
    return digest;
  }

  async #tagged(name: string, tag: string): Promise<string | undefined> {
    const bytes = await this.#content.read(this.#tag(name, tag));
    return bytes?.toString('utf8');
  }

  #manifest(name: string, digest: string): string {
    return this.#content.inRepository(name, '_manifests', hexOf(digest));
  }

  #tag(name: string, tag: string): string {
    return this.#content.inRepository(name, '_tags', tag);
  }

  #referrer(name: string, subject: string, digest: string): string {
    return this.#content.inRepository(name, '_referrers', hexOf(subject), hexOf(digest));
  }
}

function unknownManifest(name: string, reference: string): RegistryError {
  return new RegistryError('MANIFEST_UNKNOWN', `${name} has no manifest ${reference.slice(0, 128)}`);
}
