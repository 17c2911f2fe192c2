import type { Actor } from '../domain/identity/principal.ts';
import type { RefusalCode } from '../domain/refusal.ts';
import type { Page, PageRequest } from './page.ts';

/** Somebody was told no by authorization or separation of duties. Not in any chain: nobody inflates a promotion by being refused. */
export type Denial = {
  readonly tenant: string;
  readonly at: string;
  readonly actor: Actor;
  readonly code: RefusalCode;
  readonly action: string;
  readonly promotion_id?: string;
};

export interface Denials {
  /** Keeps at most one denial per tenant, actor, action and minute; later ones in that minute are dropped. */
  record(denial: Denial): Promise<void>;
  /** Newest first, to the minute. */
  list(tenant: string, page: PageRequest): Promise<Page<Denial>>;
}
