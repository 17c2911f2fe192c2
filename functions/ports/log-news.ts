import type { Page, PageRequest } from './page.ts';

/** A chain that has grown: its newest entry has at least this number. */
export type News = { readonly chain: string; readonly seq: number };

/** Which chains of which tenants the log has not reached yet. What a chain holds is read from the chain itself, never from here. */
export interface LogNews {
  /** Says that a chain has grown. Told again, or late, it changes nothing. A commit of changes says so in the commit itself. */
  tell(tenant: string, news: News): Promise<void>;
  /** Tenants with news, each once over all pages. */
  tenants(page: PageRequest): Promise<Page<string>>;
  /** News of one tenant, strongly consistent, so many at most. */
  of(tenant: string, most: number): Promise<readonly News[]>;
  /** Forgets news, unless the chain has grown further meanwhile. */
  forget(tenant: string, news: News): Promise<void>;
}
