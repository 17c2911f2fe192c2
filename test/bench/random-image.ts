import { createHash, randomFillSync } from 'node:crypto';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { robot, type TestRegistry } from '../support/local-registry.ts';
import { repositoryAt } from '../support/oci.ts';

const MEGABYTE = 1024 * 1024;

/** An image in a registry. */
export type Image = { readonly digest: string };

/** Pushes an image whose layers are gzip, as registries have them, and cannot be made smaller. */
export async function pushed(registry: TestRegistry, megabytes: number, blobs: number): Promise<Image> {
  const { repository } = repositoryAt(registry.url, 'app', { credentials: robot });
  const upload = async (chunks: Iterable<Buffer>) => {
    const hash = createHash('sha256');
    let position = await repository.openUpload();
    for (const chunk of chunks) {
      hash.update(chunk);
      position = await repository.sendChunk(position, chunk);
    }
    const { received: size } = position;
    const digest = digestOf(hash.digest('hex'));
    await repository.finishUpload(position, digest);
    return { digest, size };
  };
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...(await upload([Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: ROOTFS }))])),
  };
  const layers = [];
  for (let number = 0; number < blobs; number += 1) {
    const layer = await upload(random(Math.floor((megabytes * MEGABYTE) / blobs)));
    layers.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer });
  }
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  const digest = digestOfBytes(bytes);
  await repository.writeManifest(digest, { digest, mediaType, bytes });
  return { digest };
}

const ROOTFS = { type: 'layers', diff_ids: [] };

const digestOf = (hex: string) => `sha256:${hex}` as const;

/** A gzip member whose content is stored: a header, and blocks of random bytes that nothing makes smaller. */
function* random(size: number): Iterable<Buffer> {
  const most = 8 * MEGABYTE;
  for (let left = size; left > 0; left -= most) {
    const chunk = randomFillSync(Buffer.allocUnsafe(Math.min(left, most)));
    if (left === size) Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]).copy(chunk);
    yield chunk;
  }
}
