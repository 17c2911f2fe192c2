/** Bytes by name, bounded by their sum: the least recently used go first. For content that never changes. */
export class ByteCache {
  readonly #limit: number;
  readonly #kept = new Map<string, Uint8Array>();
  #size = 0;

  /** `limit` in bytes; what is longer than a sixteenth of it is not kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  get(name: string): Uint8Array | undefined {
    const bytes = this.#kept.get(name);
    if (bytes === undefined) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, bytes);
    return bytes;
  }

  set(name: string, bytes: Uint8Array): void {
    if (bytes.length > this.#limit / 16) return;
    this.#size += bytes.length - (this.#kept.get(name)?.length ?? 0);
    this.#kept.delete(name);
    this.#kept.set(name, bytes);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#size <= this.#limit) break;
      this.#kept.delete(oldest);
      this.#size -= length;
    }
  }
}
