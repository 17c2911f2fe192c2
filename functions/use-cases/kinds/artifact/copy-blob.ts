import type { Descriptor } from '../../../domain/artifact/descriptor.ts';
import type { Digest } from '../../../domain/digest.ts';
import type { Repository } from '../../../ports/registry.ts';

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
 * earlier attempt left is continued from the offset that the registry reports; else it is begun anew.
 */
export async function copyBlob(copy: BlobCopy, blob: Descriptor): Promise<BlobOutcome> {
  const { source, target, uploads } = copy;
  if (await target.hasBlob(blob.digest)) return { outcome: 'there', sent: 0 };
  if (target.sharesBlobsWith(source) && (await target.mountBlob(blob.digest, source))) {
    return { outcome: 'mounted', sent: 0 };
  }
  const large = blob.size > copy.chunkBytes;
  let position = await target.openUpload(large ? await uploads.recall(blob.digest) : undefined);
  // What is beyond the blob was never sent by us.
  if (position.received > blob.size) position = await target.openUpload();
  const start = position.received;
  for await (const { chunk, last } of chunksOf(copy, blob, start)) {
    position = await target.sendChunk(position, chunk);
    // The new location is kept before the next chunk leaves.
    if (!last) await uploads.keep(blob.digest, position.location);
    if (!last && copy.late()) return { outcome: 'unfinished', sent: position.received - start };
  }
  await target.finishUpload(position, blob.digest);
  return { outcome: 'copied', sent: blob.size - start };
}

/**
 * The bytes of a blob from an offset on, in chunks of one size but the last, which is never empty. All are the same memory: a chunk is sent
 * before the next is asked for.
 */
async function* chunksOf(
  { source, chunkBytes }: BlobCopy,
  blob: Descriptor,
  from: number,
): AsyncIterable<{ readonly chunk: Uint8Array; readonly last: boolean }> {
  if (from === blob.size) return;
  const buffer = new Uint8Array(Math.min(chunkBytes, blob.size - from));
  let filled = 0;
  for await (const part of source.readBlob(blob, from)) {
    for (let at = 0; at < part.length; ) {
      if (filled === buffer.length) {
        yield { chunk: buffer, last: false };
        filled = 0;
      }
      const taken = part.subarray(at, at + buffer.length - filled);
      buffer.set(taken, filled);
      at += taken.length;
      filled += taken.length;
    }
  }
  // Only now has the source shown that its bytes are those of the digest.
  yield { chunk: buffer.subarray(0, filled), last: true };
}
