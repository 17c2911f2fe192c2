import type { ArtifactVersion } from '../domain/artifact/version.ts';
import type { Page, PageRequest } from './page.ts';

/** Reads the published versions of artifacts, strongly consistent; written by `Transactions`. */
export interface ArtifactVersions {
  /** By semver without `v`. */
  read(tenant: string, artifact: string, version: string): Promise<ArtifactVersion | undefined>;
  /** Highest version first. */
  page(tenant: string, artifact: string, page: PageRequest): Promise<Page<ArtifactVersion>>;
}
