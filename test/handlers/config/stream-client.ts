import { Writable } from 'node:stream';

/** Where a stream goes: a client that takes all of it, or none. */
export class Client extends Writable {
  status = 0;
  headers: { readonly [name: string]: unknown } = {};
  text = '';
  readonly reads: boolean;
  #release: (() => void) | undefined;

  constructor(reads = true) {
    super({ highWaterMark: 1 });
    this.reads = reads;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    if (this.reads) done();
    else this.#release = done;
  }

  /** Takes what waits, once. */
  take(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }

  get ids(): string[] {
    return [...this.text.matchAll(/^id: (\w+)$/gm)].map(([, id = '']) => id);
  }
}
