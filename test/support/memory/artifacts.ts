import {
  artifactVersionKey,
  artifactVersionsPartition,
  listKey,
  uploadKey,
} from '../../../functions/adapters/dynamodb/keys-artifact.ts';
import { assertRises } from '../../../functions/adapters/dynamodb/write-rules.ts';
import { sortableVersion } from '../../../functions/domain/artifact/sortable-version.ts';
import type { ArtifactVersions } from '../../../functions/ports/artifact-versions.ts';
import type { Uploads } from '../../../functions/ports/uploads.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';
import type { Prepared, WriteOf } from './prepared.ts';

export function memoryArtifactVersions({ artifactVersions }: Memory): ArtifactVersions {
  return {
    read: async (tenant, artifact, version) =>
      artifactVersions.get(artifactVersionKey(tenant, artifact, version)),
    page: async (tenant, artifact, page) =>
      pageOf(
        artifactVersions.partition(artifactVersionsPartition(tenant, artifact)),
        ({ version }) => sortableVersion(version),
        page,
        true,
      ),
  };
}

export function artifactVersionWrite(
  { artifactVersions }: Memory,
  tenant: string,
  { item, expected }: WriteOf<'artifact_version'>,
): Prepared {
  const key = artifactVersionKey(tenant, item.artifact, item.version);
  assertRises(`artifact ${item.artifact} ${item.version}`, expected, item.edition);
  return {
    keys: [key],
    holds: (artifactVersions.get(key)?.edition ?? 0) === expected,
    apply: () => artifactVersions.set(key, item),
  };
}

export function memoryUploads({ uploads, lists }: Memory): Uploads {
  return {
    recall: async (place) => uploads.get(uploadKey(place)),
    async keep(place, location) {
      uploads.set(uploadKey(place), location);
    },
    async claimList(list, { now, until }) {
      if ((lists.get(listKey(list)) ?? '') > now) return false;
      lists.set(listKey(list), until);
      return true;
    },
    async releaseList(list, { now, until }) {
      if (lists.get(listKey(list)) === until) lists.set(listKey(list), now);
    },
  };
}
