import type { Change } from '../domain/audit/change.ts';
import type { Weakened } from '../domain/promotion/governor.ts';
import type { Page, PageRequest } from './page.ts';

/** Reads the chain of changes of a tenant, strongly consistent. `Transactions` append to it. */
export interface ChangeLog {
  /** The newest change; `undefined` while there is none. */
  newest(tenant: string): Promise<Change | undefined>;
  /** The weakenings of an environment after an instant, oldest first. */
  weakened(tenant: string, environment: string, after: string): Promise<readonly Weakened[]>;
  /** The changes after a number, oldest first, so many at most. */
  after(tenant: string, seq: number, most: number): Promise<readonly Change[]>;
  list(tenant: string, order: 'newest_first' | 'oldest_first', page: PageRequest): Promise<Page<Change>>;
}
