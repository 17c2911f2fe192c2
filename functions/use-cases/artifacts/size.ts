import { attachedTags } from '../../domain/artifact/attached.ts';
import type { Descriptor } from '../../domain/artifact/descriptor.ts';
import { linksOf } from '../../domain/artifact/manifest.ts';
import type { Digest } from '../../domain/digest.ts';
import { RegistryFault, type Repository, type StoredManifest } from '../../ports/registry.ts';

/** Manifests that are read to know the size of an artifact, and blobs that they list. */
const MOST_MANIFESTS = 2_000;
const MOST_BLOBS = 20_000;
/** Blobs whose size is asked for at once. */
const PARALLEL = 8;

/** What an artifact consists of, each digest once. `content` leaves out what refers to it, `whole` is all bytes. */
export type Measured = {
  readonly content: number;
  readonly whole: number;
  readonly blobs: readonly Descriptor[];
};

/**
 * Adds up a manifest, the manifests that it lists and their blobs by the sizes that the manifests name, and with `referrers` whatever
 * refers to any of them. Every listed manifest is there. Throws `registry_refused` for what is no artifact that can be promoted.
 */
export async function measure(
  repository: Repository,
  root: StoredManifest,
  { referrers }: { readonly referrers: boolean },
): Promise<Measured> {
  const count = new Count(repository);
  await count.content(root);
  const content = count.bytes;
  if (referrers) await count.referrers();
  return { content, whole: count.bytes, blobs: [...count.blobs.values()] };
}

class Count {
  bytes = 0;
  readonly blobs = new Map<Digest, Descriptor>();
  readonly #manifests = new Set<Digest>();
  readonly #repository: Repository;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  async content(root: StoredManifest): Promise<void> {
    const waiting = [root];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { digest } = next;
      if (this.#manifests.has(digest)) continue;
      this.#manifests.add(digest);
      this.bytes += next.bytes.length;
      const links = linksOf(next.mediaType, Buffer.from(next.bytes).toString('utf8'));
      if ('unreadable' in links) throw this.#refused(digest, links.unreadable);
      for (const blob of links.blobs) this.#blob(digest, blob);
      for (const child of links.manifests) {
        if (this.#manifests.has(child.digest)) continue;
        if (this.#manifests.size + waiting.length >= MOST_MANIFESTS) {
          throw this.#refused(root.digest, `it has more than ${MOST_MANIFESTS} manifests`);
        }
        waiting.push(await this.#listed(digest, child.digest));
      }
    }
  }

  /** All that refers to what was counted or lies beside it by cosign's tags, and to that, and so on: the set grows while it is gone through. */
  async referrers(): Promise<void> {
    for (const subject of this.#manifests) {
      for (const { digest } of await this.#repository.referrers(subject)) {
        if (this.#manifests.has(digest)) continue;
        if (this.#manifests.size >= MOST_MANIFESTS) {
          throw this.#refused(subject, `it has more than ${MOST_MANIFESTS} manifests and referrers`);
        }
        await this.content(await this.#listed(subject, digest));
      }
      for (const tag of attachedTags(subject)) {
        const named = await this.#repository.readManifest(tag);
        if (named !== undefined) await this.content(named);
      }
    }
  }

  #blob(manifest: Digest, blob: Descriptor): void {
    const { digest, size } = blob;
    const counted = this.blobs.get(digest);
    if (counted === undefined) {
      if (this.blobs.size >= MOST_BLOBS)
        throw this.#refused(manifest, `it has more than ${MOST_BLOBS} blobs`);
      this.blobs.set(digest, blob);
      this.bytes += size;
    } else if (counted.size !== size) {
      throw this.#refused(
        manifest,
        `it lists ${digest} with ${size} bytes, and elsewhere with ${counted.size}`,
      );
    }
  }

  async #listed(by: Digest, digest: Digest): Promise<StoredManifest> {
    const manifest = await this.#repository.readManifest(digest);
    if (manifest === undefined) throw this.#refused(by, `it lists ${digest}, which is not there`);
    return manifest;
  }

  #refused(digest: Digest, why: string): RegistryFault {
    return new RegistryFault('registry_refused', `${this.#repository.name}@${digest} cannot be used: ${why}`);
  }
}

/**
 * Holds the sizes that manifests name against those that the registry has: a manifest may say anything. Throws `registry_corrupt` for
 * another size, and `registry_refused` for a blob that is not there; layers that may not be distributed need not be.
 */
export async function assertSizes(repository: Repository, blobs: readonly Descriptor[]): Promise<void> {
  const waiting = [...blobs];
  const line = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if ((await repository.hasBlob(next.digest, next.size)) || isForeign(next)) continue;
      throw new RegistryFault(
        'registry_refused',
        `${repository.name} has no blob ${next.digest}, which it should`,
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, line));
  } finally {
    waiting.length = 0;
  }
}

/** Layers that may not be distributed: their `urls` say where they are. */
export const isForeign = ({ mediaType }: Descriptor): boolean =>
  mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.');
