import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type * as z from 'zod/mini';
import { Fault } from '../../domain/faults.ts';
import { DICTIONARY_1 } from './body-dictionary.ts';
import { type Item, where } from './item.ts';

/**
 * Where an item keeps what it says, as JSON: `S` is the text itself, `B` is one byte that names the codec and the packed text.
 * Write units are counted per started KB and twice in a transaction: packed, a promotion of 3 KB costs what 1 KB costs.
 */
export const BODY = 'body';

/** Codec 1: raw DEFLATE (RFC 1951) primed with dictionary 1. A changed dictionary is a new codec, never an edit. */
const DEFLATE_1 = 1;

/** Below this many bytes packing saves no write unit worth its time. */
const PACK_FROM = 160;

/** More than any body: an item is at most 400 KB, so what inflates further is no body of ours. */
const MAX_BODY = 4 * 1024 * 1024;

/** The body attribute of a value; JSON keeps every domain value as it is. */
export function encodeBody(value: object): AttributeValue {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length < PACK_FROM) return { S: json.toString() };
  const packed = deflateRawSync(json, { level: 9, dictionary: DICTIONARY_1 });
  return { B: Buffer.concat([Buffer.of(DEFLATE_1), packed]) };
}

/** The value an item's body holds, parsed. Anything unreadable or of another shape is the fault `Corrupt`. */
export function decodeBody<T>(item: Item, schema: z.ZodMiniType<T>): T {
  const parsed = schema.safeParse(readJson(item));
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join('.') || issue.code);
  throw new Fault('Corrupt', `the body of ${where(item)} is not what it should be: ${paths.join(', ')}`);
}

function readJson(item: Item): unknown {
  const body = item[BODY];
  try {
    if (body?.S !== undefined) return JSON.parse(body.S);
    if (body?.B?.[0] === DEFLATE_1) return JSON.parse(inflate(body.B.subarray(1)));
  } catch (cause) {
    throw new Fault('Corrupt', `the body of ${where(item)} cannot be read`, { cause });
  }
  throw new Fault('Corrupt', `the body of ${where(item)} has an unknown form`);
}

/** Bodies are small: a buffer of their own size takes half the time that the usual one of 16 KB does. */
function inflate(packed: Uint8Array): string {
  const chunkSize = Math.min(16_384, Math.max(1_024, 8 * packed.length));
  return inflateRawSync(packed, {
    dictionary: DICTIONARY_1,
    maxOutputLength: MAX_BODY,
    chunkSize,
  }).toString();
}
