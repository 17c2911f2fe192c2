import { compare, parse } from 'semver';
import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * One published version of an artifact. `version` is semver without `v` and names it; `label` is what the publisher wrote (`v1.2.3`)
 * and what tags begin with. `digest` is that of the manifest, as `registry` reports it for `repository`. `edition` rises with every
 * write of the record: the content never changes.
 */
export type ArtifactVersion = {
  readonly artifact: string;
  readonly version: string;
  readonly label: string;
  readonly digest: Digest;
  readonly media_type: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  /** Bytes of the manifest, those that it lists, and their blobs, as they say. Absent: not known. */
  readonly content_bytes?: number;
  /** Id of the registry that it was published in, and the repository there. */
  readonly registry: string;
  readonly repository: string;
  readonly published_by: Actor;
  readonly published_at: string;
  readonly deployment_id: string;
  /** Absent: active, without an end. */
  readonly lifecycle?: Lifecycle;
  /** When a retention took its tags away: it is no longer offered. */
  readonly removed_at?: string;
  readonly edition: number;
};

/** A version as people write it, and the version that it is. */
export type ParsedVersion = Pick<ArtifactVersion, 'version' | 'label'>;

/** Characters of a version: with the longest suffix that is useful, a tag of at most 128. */
const LONGEST = 64;

/** Semver 2.0.0 without build metadata, which no tag can hold; `v` may stand before it. No spaces and no line ends: the library trims. */
const VERSION = /^v?[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?$/;

/** Reads a version; undefined when it is none. */
export function parseVersion(text: string): ParsedVersion | undefined {
  if (text.length > LONGEST || !VERSION.test(text)) return undefined;
  const version = parse(text)?.version;
  return version === undefined ? undefined : { version, label: text };
}

/** Orders versions by precedence (semver 2.0.0, section 11). */
export const compareVersions = (a: string, b: string): number => compare(a, b);
