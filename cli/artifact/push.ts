import type { Digest } from '../../functions/domain/digest.ts';
import { REGISTRY_FAULTS, RegistryFault, type Repository } from '../../functions/ports/registry.ts';
import type { Packed, Piece } from './pack.ts';

/** Bytes that one request carries. */
const CHUNK = 8 * 1024 * 1024;
/** Tries of one blob, the first included. */
const TRIES = 4;

export type Push = {
  readonly target: Repository;
  /** Repositories of the same registry that may have the content already. */
  readonly others: readonly Repository[];
  sleep(ms: number): Promise<void>;
  /** Told of all bytes that the target has by now, of all that it is to have. */
  progress(done: number, total: number): void;
};

/** How content came into the repository: it was `there`, was `mounted` from another one, or was `sent`. */
export type Sent = { readonly digest: Digest; readonly outcome: 'there' | 'mounted' | 'sent' };

/**
 * Pushes an artifact: its blobs, each once, then its manifest under its digest alone. Idempotent; an upload that breaks off goes on
 * where the registry has it. Throws `RegistryFault`.
 */
export async function push(run: Push, { manifest, config, layers }: Packed): Promise<readonly Sent[]> {
  const pieces = new Map([config, ...layers].map((piece) => [piece.digest, piece]));
  const total = [...pieces.values()].reduce((sum, { size }) => sum + size, 0);
  const sent: Sent[] = [];
  let before = 0;
  for (const piece of pieces.values()) {
    run.progress(before, total);
    const outcome = await pushBlob(run, piece, (bytes) => run.progress(before + bytes, total));
    sent.push({ digest: piece.digest, outcome });
    before += piece.size;
  }
  run.progress(total, total);
  await run.target.writeManifest(manifest.digest, manifest);
  return sent;
}

async function pushBlob(
  { target, others, sleep }: Push,
  piece: Piece,
  progress: (bytes: number) => void,
): Promise<Sent['outcome']> {
  let location: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    if (await target.hasBlob(piece.digest)) return attempt === 1 ? 'there' : 'sent';
    for (const other of location === undefined ? others : []) {
      if (await target.mountBlob(piece.digest, other)) return 'mounted';
    }
    try {
      let position = await target.openUpload(location);
      if (position.received > piece.size) position = await target.openUpload();
      for await (const chunk of chunksOf(piece, position.received)) {
        location = position.location;
        position = await target.sendChunk(position, chunk);
        progress(position.received);
      }
      await target.finishUpload(position, piece.digest);
      return 'sent';
    } catch (error) {
      const again = error instanceof RegistryFault && REGISTRY_FAULTS[error.code].retry;
      if (!again || attempt === TRIES) throw error;
      await sleep((error.retryAfter ?? 2 ** attempt) * 1000);
    }
  }
}

/** The bytes of a piece from an offset on, in chunks of one size but the last. */
async function* chunksOf(piece: Piece, from: number): AsyncIterable<Uint8Array> {
  if (from === piece.size) return;
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of piece.bytes(from)) {
    parts.push(part);
    length += part.length;
    if (length < CHUNK) continue;
    yield Buffer.concat(parts);
    [parts, length] = [[], 0];
  }
  if (length > 0) yield Buffer.concat(parts);
}
