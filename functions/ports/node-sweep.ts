import type { Digest } from '../domain/digest.ts';
import type { Page, PageRequest } from './page.ts';

/** A stored node and when it was last put, in milliseconds since 1970. */
export type PutNode = { readonly id: Digest; readonly put_at: number };

/** How many lists of nodes each tenant has. */
export const NODE_LISTS = 256;

/** Removes config nodes that nothing refers to any more. */
export interface NodeSweep {
  /** The nodes in one of the `NODE_LISTS` lists, from 0; pages of up to 1,000. */
  list(tenant: string, list: number, page: PageRequest): Promise<Page<PutNode>>;
  /** Removes a node unless it was put again since it was listed; says whether it did. */
  remove(tenant: string, node: PutNode): Promise<boolean>;
}
