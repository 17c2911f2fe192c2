import type { Digest } from '../digest.ts';
import { type Descriptor, descriptorOf, isObject } from './descriptor.ts';
import { INDEX_TYPES } from './manifest.ts';

/** The tag under which registries without the referrers API keep them: `sha256-<hex>` ("Referrers Tag Schema"). */
export const fallbackTag = (subject: Digest): string => subject.replace(':', '-');

/** The referrers in an image index; undefined when it is none. Anything that is not a descriptor is passed over. */
export function referrersIn(text: string): readonly Descriptor[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !Array.isArray(value['manifests'])) return undefined;
  return unique(value['manifests'].map(descriptorOf).filter((one) => one !== undefined));
}

/** The text of a fallback tag's index that lists all of these. */
export function referrersIndex(referrers: readonly Descriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPES[0], manifests: unique(referrers) });
}

/** Those of one artifact type. Never left to the registry: some ignore the filter and do not say so. */
export function ofType(referrers: readonly Descriptor[], artifactType: string): readonly Descriptor[] {
  return referrers.filter((one) => one.artifactType === artifactType);
}

function unique(referrers: readonly Descriptor[]): readonly Descriptor[] {
  return [...new Map(referrers.map((one) => [one.digest, one])).values()];
}
