import { constants, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Fault } from '../domain/faults.ts';

/** First byte of a stored node. Ids are taken over the uncompressed bytes, so another codec never moves a root. */
const CODEC = { raw: 0, deflate: 1, zstd: 2 } as const;

/** No stored node unpacks to more: twice the largest node. */
const MAX_UNPACKED_BYTES = 64 * 1024;

/** 4 % shorter than the usual level 3 for a tenth of a millisecond a leaf; level 19 would save 5 % more, for four. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 6 } };

/** A node as it is stored: a codec byte, then the bytes by the codec that makes them shortest. */
export function packNode(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_UNPACKED_BYTES) throw new RangeError(`a node of ${bytes.length} bytes is too long`);
  const candidates: readonly (readonly [number, Uint8Array])[] = [
    [CODEC.zstd, zstdCompressSync(bytes, ZSTD)],
    [CODEC.deflate, deflateRawSync(bytes)],
    [CODEC.raw, bytes],
  ];
  const [codec, packed] = candidates.reduce((best, each) => (each[1].length < best[1].length ? each : best));
  const stored = new Uint8Array(1 + packed.length);
  stored[0] = codec;
  stored.set(packed, 1);
  return stored;
}

/** The bytes of a stored node. Inflates at most 64 KB; the fault `Corrupt` on anything that does not unpack. */
export function unpackNode(stored: Uint8Array): Uint8Array {
  const packed = stored.subarray(1);
  try {
    switch (stored[0]) {
      case CODEC.raw:
        if (packed.length > MAX_UNPACKED_BYTES) throw new RangeError('too long');
        return packed;
      case CODEC.deflate:
        return exact(inflateRawSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }));
      case CODEC.zstd:
        return exact(zstdDecompressSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }));
      default:
        throw new RangeError(`codec ${stored[0]} is unknown`);
    }
  } catch (cause) {
    throw new Fault('Corrupt', 'a stored config node does not unpack', { cause });
  }
}

/** A copy of its own size: what zlib answers is a view of a buffer of 16 KB or more, which a remembered node would keep alive. */
function exact(view: Uint8Array): Uint8Array {
  return new Uint8Array(view);
}
