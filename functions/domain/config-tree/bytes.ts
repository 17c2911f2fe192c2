import { Fault } from '../faults.ts';

/** Longest run of bytes of one number: 8 x 7 bits hold 2^53-1. */
const MAX_VARINT_BYTES = 8;

/** How many bytes `ByteWriter.varint` needs. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

/** Collects the canonical bytes of a node. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  byte(value: number): void {
    this.#room(1)[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53-1, seven bits a byte, low bits first. */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length).set(value, this.#length);
    this.#length += value.length;
  }

  /** Text whose characters are all below 128, from a position on. */
  ascii(text: string, from: number): void {
    const bytes = this.#room(text.length - from);
    for (let i = from; i < text.length; i += 1) bytes[this.#length++] = text.charCodeAt(i);
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #room(extra: number): Uint8Array {
    const needed = this.#length + extra;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

/** Reads bytes that nobody vouches for. Throws the fault `Corrupt` rather than read past the end or accept a second spelling. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw corrupt('it ends too early');
    this.#at += 1;
    return value;
  }

  varint(max: number): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i += 1) {
      const byte = this.byte();
      value += (byte % 128) * factor;
      if (byte < 128) {
        if (byte === 0 && i > 0) throw corrupt('a number has a second spelling');
        if (value > max) throw corrupt(`${value} is above ${max}`);
        return value;
      }
      factor *= 128;
    }
    throw corrupt('a number is too long');
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    if (length > this.rest) throw corrupt('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  end(): void {
    if (this.rest !== 0) throw corrupt(`${this.rest} bytes follow its end`);
  }
}

/** A node whose bytes are not the canonical bytes of any node. */
export function corrupt(why: string): Fault {
  return new Fault('Corrupt', `not a config node: ${why}`);
}

/** Whether two runs of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
