import type { ArtifactVersions } from '../../ports/artifact-versions.ts';
import { artifactVersionKey, artifactVersionsPartition } from './keys-artifact.ts';
import { bodyPage, readBody } from './read.ts';
import { artifactVersion } from './schemas/artifact.ts';
import type { Table } from './table.ts';

export function dynamoArtifactVersions(table: Table): ArtifactVersions {
  return {
    read: async (tenant, artifact, version) =>
      readBody(table, artifactVersionKey(tenant, artifact, version), artifactVersion),
    page: async (tenant, artifact, page) =>
      bodyPage(
        table,
        { partition: artifactVersionsPartition(tenant, artifact), newestFirst: true },
        page,
        artifactVersion,
      ),
  };
}
