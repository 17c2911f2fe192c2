import { type Descriptor, descriptorOf, isObject } from './descriptor.ts';

/** Media types of manifests that list manifests (OCI image index; Docker manifest list). */
export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

/** Media types of manifests that list blobs (OCI image manifest; Docker image manifest, schema 2). */
export const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** What a client says it takes when it asks for a manifest. */
export const MANIFEST_TYPES: readonly string[] = [...INDEX_TYPES, ...IMAGE_TYPES];

/** Bytes of a manifest that are read: what registries have to take at least (OCI distribution specification). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** What a manifest points to. `subject` is what it is about: a signature's image. */
export type ManifestLinks = {
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly blobs: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
};

/** Why a manifest cannot be traversed. */
export type UnreadableManifest = { readonly unreadable: string };

/**
 * Reads the links of a manifest of one of `MANIFEST_TYPES`. Layers with `urls` alone (foreign layers) are content too and
 * must be in the registry. Unreadable: other media types, no JSON, members that contradict each other.
 */
export function linksOf(mediaType: string, text: string): ManifestLinks | UnreadableManifest {
  const value = parsed(text);
  if (!isObject(value)) return { unreadable: 'the manifest is not a JSON object' };
  if (value['mediaType'] !== undefined && value['mediaType'] !== mediaType) {
    return { unreadable: 'the manifest names another media type than the registry' };
  }
  const links = bodyOf(mediaType, value);
  if ('unreadable' in links || value['subject'] === undefined) return links;
  const subject = descriptorOf(value['subject']);
  return subject === undefined ? { unreadable: 'subject is not a descriptor' } : { ...links, subject };
}

function bodyOf(
  mediaType: string,
  value: { readonly [name: string]: unknown },
): ManifestLinks | UnreadableManifest {
  const { artifactType } = value;
  const typed = typeof artifactType === 'string' ? { artifactType } : {};
  if (INDEX_TYPES.some((type) => type === mediaType)) {
    const manifests = listOf(value['manifests']);
    if (manifests === undefined) return { unreadable: 'manifests is not a list of descriptors' };
    return { mediaType, manifests, blobs: [], ...typed };
  }
  if (!IMAGE_TYPES.some((type) => type === mediaType)) {
    return { unreadable: `${mediaType.slice(0, 100)} is not a media type of manifests` };
  }
  const config = descriptorOf(value['config']);
  const layers = listOf(value['layers']);
  if (config === undefined || layers === undefined) {
    return { unreadable: 'config or layers are not descriptors' };
  }
  // Absent, the config's media type stands for the artifact type (OCI distribution specification, "Listing Referrers").
  return { mediaType, manifests: [], blobs: [config, ...layers], artifactType: config.mediaType, ...typed };
}

function listOf(value: unknown): readonly Descriptor[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const descriptors = value.map(descriptorOf);
  return descriptors.every((one) => one !== undefined) ? descriptors : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
