import { attachedTags, isSigned } from '../../../domain/artifact/attached.ts';
import type { Descriptor } from '../../../domain/artifact/descriptor.ts';
import { linksOf, MAX_MANIFEST_BYTES, type ManifestLinks } from '../../../domain/artifact/manifest.ts';
import type { Digest } from '../../../domain/digest.ts';
import { type Alone, RegistryFault, type Repository, type StoredManifest } from '../../../ports/registry.ts';
import { isForeign } from '../../artifacts/size.ts';
import { type BlobCopy, copyBlob, lost } from './copy-blob.ts';
import { placeAttached } from './place-attached.ts';

/** What a copy did so far. `bytes` were sent to the target. */
export type Copied = {
  readonly done: boolean;
  readonly manifests: number;
  readonly blobs: number;
  readonly mounted: number;
  readonly bytes: number;
};

/** How a graph is copied: as its blobs are, several at once. */
export type GraphCopy = BlobCopy & {
  readonly parallel: number;
  /** Bytes of all that may be brought; absent: as many as there are. */
  readonly maxBytes?: number | undefined;
  /** How to be the only writer of a subject's referrers in the target. */
  alone(subject: Digest): Alone;
};

/** Bytes after which a blob can be continued, and blobs at once. Chunks are passed on as they come: none is held in memory. */
export const COPYING = { chunkBytes: 16 * 1024 * 1024, parallel: 6 } as const;

/** Manifests of one graph at most: an index of a few hundred platforms with their signatures stays far below. */
const MOST_MANIFESTS = 5_000;

/**
 * Brings everything that a manifest reaches into the target repository, byte for byte: the manifests that it lists, their
 * configs and layers, and whatever refers to any of them (signatures, SBOMs, attestations), and so on; also what cosign keeps beside any of
 * them under tags of its own. A node is written after
 * all that it lists and before what refers to it, so a copy that breaks off leaves nothing dangling, and every node is looked
 * for before it is sent: copying again continues. What was sent is asked for again: a registry that took it and has it not ends the copy.
 * `done: false` when the time was up. Throws `RegistryFault`.
 */
export async function copyGraph(copy: GraphCopy, root: Digest): Promise<Copied> {
  const walk = new Walk(copy);
  const done = await walk.node(root);
  return { ...walk.counts, done };
}

class Walk {
  readonly counts = { manifests: 0, blobs: 0, mounted: 0, bytes: 0 };
  readonly #copy: GraphCopy;
  readonly #manifests = new Map<Digest, Promise<boolean>>();
  readonly #blobs = new Map<Digest, Promise<boolean>>();
  readonly #weighed = new Map<Digest, number>();
  readonly #attached = new Set<Digest>();
  #bytes = 0;

  constructor(copy: GraphCopy) {
    this.#copy = copy;
  }

  /** One manifest with all below and about it; false when the time was up. A digest is traversed once. */
  node(digest: Digest): Promise<boolean> {
    const begun = this.#manifests.get(digest);
    if (begun !== undefined) return begun;
    if (this.#manifests.size >= MOST_MANIFESTS) throw tooMany();
    const walked = this.#node(digest);
    this.#manifests.set(digest, walked);
    return walked;
  }

  async #node(digest: Digest): Promise<boolean> {
    const { source, target } = this.#copy;
    const manifest = await source.readManifest(digest);
    if (manifest === undefined) throw missing(source, digest);
    const links = readable(source, manifest);
    this.#weigh([{ digest, size: manifest.bytes.length }, ...links.blobs]);
    // One after another: manifests are small, and the blobs of each fill the line.
    for (const child of links.manifests) {
      if (!(await this.node(child.digest))) return false;
    }
    const present = await target.resolve(digest);
    if (present === undefined) {
      if (!(await this.#all(links.blobs))) return false;
      await target.writeManifest(digest, manifest);
      if ((await target.resolve(digest))?.digest !== digest) throw lost(target, digest);
      this.counts.manifests += 1;
    }
    for (const referrer of await source.referrers(digest)) {
      if (!(await this.#refersTo(referrer, digest))) continue;
      if (!(await this.node(referrer.digest))) return false;
      await target.listReferrer(digest, referrer, this.#copy.alone(digest));
    }
    return this.#attachedTo(digest);
  }

  /** What cosign keeps beside a manifest. A tag may name anything, so what it names is no node: only its blobs come along. */
  async #attachedTo(subject: Digest): Promise<boolean> {
    if (this.#attached.has(subject)) return true;
    if (this.#attached.size >= MOST_MANIFESTS) throw tooMany();
    this.#attached.add(subject);
    const { source, target, alone } = this.#copy;
    const tags = attachedTags(subject);
    const named = await Promise.all(tags.map((tag) => source.resolve(tag)));
    for (const [at, tag] of tags.entries()) {
      const digest = named[at]?.digest;
      if (digest === undefined) continue;
      const manifest = await source.readManifest(digest);
      if (manifest === undefined) throw missing(source, digest);
      const { manifests, blobs } = readable(source, manifest);
      if (manifests.length > 0) throw noAttachment(source, tag);
      this.#weigh([{ digest, size: manifest.bytes.length }, ...blobs]);
      if (!(await this.#all(blobs))) return false;
      if (await placeAttached(target, tag, manifest, alone(subject))) this.counts.manifests += 1;
      if (isSigned(tag) && !(await this.#attachedTo(digest))) return false;
    }
    return true;
  }

  /** What a source lists may have grown since it was measured. */
  #weigh(pieces: readonly Pick<Descriptor, 'digest' | 'size'>[]): void {
    const { target, maxBytes = Number.POSITIVE_INFINITY } = this.#copy;
    for (const { digest, size } of pieces) {
      this.#bytes += Math.max(0, size - (this.#weighed.get(digest) ?? 0));
      this.#weighed.set(digest, size);
    }
    if (this.#bytes <= maxBytes) return;
    const why = `${target.name} would get more than the ${maxBytes} bytes that its registry takes`;
    throw new RegistryFault('artifact_too_large', why);
  }

  /**
   * Whether a listed referrer is one: it is there and names its subject. A listing is only a claim; one that named a manifest as its
   * own referrer would never end.
   */
  async #refersTo({ digest }: Descriptor, subject: Digest): Promise<boolean> {
    const { source } = this.#copy;
    const manifest = await source.readManifest(digest);
    return manifest !== undefined && readable(source, manifest).subject?.digest === subject;
  }

  /** Blobs, a few at once. After a fault no further one is begun. */
  async #all(blobs: readonly Descriptor[]): Promise<boolean> {
    const waiting = [...blobs];
    let whole = true;
    const line = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (this.#copy.late()) whole = false;
        else if (!(await this.#blob(next))) whole = false;
        if (!whole) return;
      }
    };
    try {
      await Promise.all(Array.from({ length: this.#copy.parallel }, line));
    } finally {
      waiting.length = 0;
    }
    return whole;
  }

  #blob(blob: Descriptor): Promise<boolean> {
    const begun = this.#blobs.get(blob.digest);
    if (begun !== undefined) return begun;
    const copied = this.#copyBlob(blob);
    this.#blobs.set(blob.digest, copied);
    return copied;
  }

  async #copyBlob(blob: Descriptor): Promise<boolean> {
    const { source } = this.#copy;
    // Layers that may not be distributed stand in few registries: their `urls` say where they are.
    if (isForeign(blob) && !(await source.hasBlob(blob.digest))) return true;
    const { outcome, sent } = await copyBlob(this.#copy, blob);
    this.counts.bytes += sent;
    if (outcome === 'copied') this.counts.blobs += 1;
    if (outcome === 'mounted') this.counts.mounted += 1;
    return outcome !== 'unfinished';
  }
}

function readable(source: Repository, { digest, mediaType, bytes }: StoredManifest): ManifestLinks {
  const links = linksOf(mediaType, Buffer.from(bytes).toString('utf8'));
  if (!('unreadable' in links) && bytes.length <= MAX_MANIFEST_BYTES) return links;
  const why = 'unreadable' in links ? links.unreadable : 'the manifest is too large';
  throw new RegistryFault('registry_refused', `${source.name}@${digest} cannot be copied: ${why}`);
}

function missing(source: Repository, digest: Digest): RegistryFault {
  return new RegistryFault('registry_refused', `${source.name} has no manifest ${digest}, which it should`);
}

function tooMany(): RegistryFault {
  return new RegistryFault('registry_refused', `the artifact has more than ${MOST_MANIFESTS} manifests`);
}

function noAttachment({ name }: Repository, tag: string): RegistryFault {
  const why = 'names a list of manifests, where cosign keeps one: move the tag, or take it away';
  return new RegistryFault('registry_refused', `${name}:${tag} ${why}`);
}
