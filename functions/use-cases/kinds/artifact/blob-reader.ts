import type { Descriptor } from '../../../domain/artifact/descriptor.ts';
import type { Repository } from '../../../ports/registry.ts';

/**
 * Reads a blob once, handing it on in parts of any length as they are asked for, and never holding more than a piece as it arrived. A part
 * that does not follow on the one before, since that one is sent again, is read anew from its offset.
 */
export class BlobReader {
  readonly #source: Repository;
  readonly #blob: Pick<Descriptor, 'digest' | 'size'>;
  #pieces: AsyncIterator<Uint8Array> | undefined;
  #piece: Uint8Array = NOTHING;
  #at = 0;

  constructor(source: Repository, blob: Pick<Descriptor, 'digest' | 'size'>) {
    this.#source = source;
    this.#blob = blob;
  }

  /**
   * So many bytes from an offset on. The last piece of the blob is handed on only when the source has shown that its bytes are those of the
   * digest.
   */
  async *part(from: number, length: number): AsyncIterable<Uint8Array> {
    const end = from + length;
    const pieces = await this.#openAt(from);
    while (this.#at < end) {
      if (this.#piece.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return;
        this.#piece = next.value;
      }
      const taken = this.#piece.subarray(0, end - this.#at);
      // Reading beyond the end is what makes the source compare the digest.
      if (this.#at + taken.length === this.#blob.size) await pieces.next();
      this.#piece = this.#piece.subarray(taken.length);
      this.#at += taken.length;
      yield taken;
    }
  }

  /** Ends what is being read. */
  async close(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    await pieces?.return?.();
  }

  async #openAt(from: number): Promise<AsyncIterator<Uint8Array>> {
    if (this.#pieces !== undefined && this.#at === from) return this.#pieces;
    await this.close();
    this.#piece = NOTHING;
    this.#at = from;
    this.#pieces = this.#source.readBlob(this.#blob, from)[Symbol.asyncIterator]();
    return this.#pieces;
  }
}

const NOTHING = new Uint8Array();
