import type { Descriptor } from '../../../domain/artifact/descriptor.ts';
import type { Digest } from '../../../domain/digest.ts';
import { RegistryFault, type Repository } from '../../../ports/registry.ts';
import { BlobReader } from './blob-reader.ts';

/** Where unfinished uploads are kept between two attempts, by blob. */
export type UploadMemory = {
  recall(blob: Digest): Promise<string | undefined>;
  keep(blob: Digest, location: string): Promise<void>;
};

/** How a blob is copied. `late` says whether the time of this attempt is up. */
export type BlobCopy = {
  readonly source: Repository;
  readonly target: Repository;
  readonly uploads: UploadMemory;
  readonly chunkBytes: number;
  late(): boolean;
};

/** What became of one blob, with the bytes that were sent: `there` already, mounted, copied, or not finished in time. */
export type BlobOutcome = {
  readonly outcome: 'there' | 'mounted' | 'copied' | 'unfinished';
  readonly sent: number;
};

/**
 * Brings a blob into the target: not at all where it is, by a mount within one registry, else in chunks. An upload that an
 * earlier attempt left is continued from the offset that the registry reports; else it is begun anew. In the end the target says that it
 * has the blob.
 */
export async function copyBlob(copy: BlobCopy, blob: Descriptor): Promise<BlobOutcome> {
  const { source, target, uploads } = copy;
  if (await target.hasBlob(blob.digest)) return { outcome: 'there', sent: 0 };
  if (target.sharesBlobsWith(source) && (await target.mountBlob(blob.digest, source))) {
    await assertThere(target, blob);
    return { outcome: 'mounted', sent: 0 };
  }
  const large = blob.size > copy.chunkBytes;
  let position = await target.openUpload(large ? await uploads.recall(blob.digest) : undefined);
  // What is beyond the blob was never sent by us.
  if (position.received > blob.size) position = await target.openUpload();
  const start = position.received;
  const reader = new BlobReader(source, blob);
  try {
    while (position.received < blob.size) {
      const { received } = position;
      const length = Math.min(copy.chunkBytes, blob.size - received);
      position = await target.sendChunk(position, { length, open: () => reader.part(received, length) });
      if (position.received <= received) throw stuck(target, blob);
      if (position.received >= blob.size) break;
      // The new location is kept before the next chunk leaves.
      await uploads.keep(blob.digest, position.location);
      if (copy.late()) return { outcome: 'unfinished', sent: position.received - start };
    }
  } finally {
    await reader.close();
  }
  await target.finishUpload(position, blob.digest);
  await assertThere(target, blob);
  return { outcome: 'copied', sent: blob.size - start };
}

async function assertThere(target: Repository, { digest }: Descriptor): Promise<void> {
  if (!(await target.hasBlob(digest))) throw lost(target, digest);
}

/** Of what a registry took, and has not. */
export const lost = ({ name }: Repository, digest: Digest): RegistryFault =>
  new RegistryFault('registry_corrupt', `${name} was sent ${digest} and does not have it`);

function stuck({ name }: Repository, { digest }: Descriptor): RegistryFault {
  return new RegistryFault(
    'registry_refused',
    `${name} took a chunk of ${digest} and has no more of it than before`,
  );
}
