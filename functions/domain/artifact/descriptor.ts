import { type Digest, isDigest } from '../digest.ts';

/** A pointer to content (OCI image specification, descriptor.md). `size` is bytes. */
export type Descriptor = {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: { readonly [name: string]: string };
};

/** Reads a descriptor; undefined when it lacks a media type, a sha256 digest or a size. What else it says is not kept. */
export function descriptorOf(value: unknown): Descriptor | undefined {
  if (!isObject(value)) return undefined;
  const { mediaType, digest, size, artifactType, annotations } = value;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !isDigest(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  const noted = textsOf(annotations);
  return {
    mediaType,
    digest,
    size,
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
    ...(noted === undefined ? {} : { annotations: noted }),
  };
}

/** True for a JSON object. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): { readonly [name: string]: string } | undefined {
  if (!isObject(value)) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
