import { sortableVersion } from '../../domain/artifact/sortable-version.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import type { ListPlace, UploadPlace } from '../../ports/uploads.ts';
import { hex, id, type Key, scope } from './key-parts.ts';

/** The versions of an artifact, in the order of semver. */
export const artifactVersionsPartition = (tenant: string, artifact: string): string =>
  `${scope(tenant)}ARTIFACT#${id(artifact)}`;
export const artifactVersionKey = (tenant: string, artifact: string, version: string): Key => ({
  PK: artifactVersionsPartition(tenant, artifact),
  SK: sortableVersion(version),
});

/** Where an unfinished upload stands. Paths of repositories have slashes, so that their digest names them. */
export const uploadKey = ({ tenant, repository, blob }: UploadPlace): Key => ({
  PK: `${scope(tenant)}UPLOAD#${hex(digestOfBytes(repository))}`,
  SK: hex(blob),
});

/** Who writes the list of what refers to a subject. */
export const listKey = ({ tenant, repository, subject }: ListPlace): Key => ({
  PK: `${scope(tenant)}REFERRERS#${hex(digestOfBytes(repository))}`,
  SK: hex(subject),
});
