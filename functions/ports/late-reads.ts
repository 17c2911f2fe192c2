import type { CatalogStore } from './catalog-store.ts';
import type { Directory } from './directory.ts';
import type { HeadStore } from './head-store.ts';

/** What a flag is read by, as it was a moment ago: at half the price. Nothing may be decided on it that can be taken amiss for a moment. */
export type LateReads = {
  readonly directory: Directory;
  readonly catalog: CatalogStore;
  readonly heads: HeadStore;
};
