import type { Page, PageRequest } from './page.ts';

/** An environment, or with `*` all of a tenant, in which something that stopped executions was lifted. */
export type UnblockRecord = {
  readonly tenant: string;
  readonly environment: string;
  readonly version: number;
};

/** A promotion that a lock or a freeze stopped; `version` rises each time it is. */
export type Stopped = { readonly id: string; readonly version: number };

/** Blocked promotions and unblock records. Both are written by `Transactions`. */
export interface UnblockRecords {
  /** Who was stopped in an environment, strongly consistent. */
  stopped(tenant: string, environment: string, page: PageRequest): Promise<Page<Stopped>>;
  /** Takes one off that list, unless it was stopped again since it was read; says whether it did. */
  leave(tenant: string, environment: string, stopped: Stopped): Promise<boolean>;
  /** Openings that those who wait may not have heard of. */
  withWork(page: PageRequest): Promise<Page<UnblockRecord>>;
  /** Says that all have heard of it; `false` when there was another one since. */
  clearWork(opening: UnblockRecord): Promise<boolean>;
}
