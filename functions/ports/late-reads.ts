import type { CatalogStore } from './catalog-store.ts';
import type { ChangeLog } from './change-log.ts';
import type { DeploymentStore } from './deployment-store.ts';
import type { Directory } from './directory.ts';
import type { HeadStore } from './head-store.ts';
import type { TaskTokens } from './promotion-store.ts';

/** What flags and early refusals are read by, as it was a moment ago: at half the price. Nothing may rest on it that can be taken amiss for a moment. */
export type LateReads = {
  readonly directory: Directory;
  readonly catalog: CatalogStore;
  readonly heads: HeadStore;
  readonly deployments: Pick<DeploymentStore, 'read'>;
  readonly changes: Pick<ChangeLog, 'weakened'>;
  readonly tokens: Pick<TaskTokens, 'get'>;
};
