import { linksOf } from '../../domain/artifact/manifest.ts';
import type { Registry } from '../../domain/catalog/registry.ts';
import type { Digest } from '../../domain/digest.ts';
import { RegistryFault, type Repository, type StoredManifest } from '../../ports/registry.ts';

/** Manifests below an index that are read to know its size. */
const MOST_CHILDREN = 500;

/**
 * Bytes of a manifest, the manifests that it lists, and their blobs, each once; every listed manifest is there. Throws
 * `registry_refused` for what is no artifact that can be promoted, and for one beyond `max_artifact_bytes`.
 */
export async function measure(
  repository: Repository,
  root: StoredManifest,
  { max_artifact_bytes: most = Number.POSITIVE_INFINITY }: Pick<Registry, 'max_artifact_bytes'>,
): Promise<number> {
  const counted = new Map<Digest, number>();
  const waiting = [root];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    counted.set(next.digest, next.bytes.length);
    const links = linksOf(next.mediaType, Buffer.from(next.bytes).toString('utf8'));
    if ('unreadable' in links) throw refused(repository, next.digest, links.unreadable);
    for (const blob of links.blobs) counted.set(blob.digest, blob.size);
    for (const { digest } of links.manifests) {
      if (counted.has(digest)) continue;
      if (counted.size > MOST_CHILDREN && links.manifests.length > MOST_CHILDREN) {
        throw refused(repository, root.digest, `it lists more than ${MOST_CHILDREN} manifests`);
      }
      const child = await repository.readManifest(digest);
      if (child === undefined)
        throw refused(repository, next.digest, `it lists ${digest}, which is not there`);
      waiting.push(child);
    }
    const bytes = [...counted.values()].reduce((sum, size) => sum + size, 0);
    if (bytes > most) throw refused(repository, root.digest, `it has more than ${most} bytes`);
  }
  return [...counted.values()].reduce((sum, size) => sum + size, 0);
}

const refused = ({ name }: Repository, digest: Digest, why: string): RegistryFault =>
  new RegistryFault('registry_refused', `${name}@${digest} cannot be used: ${why}`);
