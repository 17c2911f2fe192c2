import { bytesOfBase64 } from './base64.ts';

/** What the domain's module of digests asks of Node's `Buffer`, in the browser: bytes from and to hex and base64. */
export class Buffer extends Uint8Array {
  static override from(text: unknown, encoding?: unknown): Buffer {
    if (typeof text !== 'string') throw new TypeError('bytes are made of texts here');
    switch (encoding) {
      case 'hex':
        return new Buffer((text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
      case 'base64':
        return new Buffer(bytesOfBase64(text));
      default:
        throw new TypeError(`the browser has no encoding ${String(encoding)}`);
    }
  }

  override toString(encoding?: string): string {
    if (encoding === 'hex') return [...this].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    if (encoding === 'base64') return btoa(String.fromCharCode(...this));
    throw new TypeError(`the browser has no encoding ${encoding}`);
  }
}
