import type { ItemKeys } from '../domain/format/judge.ts';
import type { FormatNumber } from '../domain/format/number.ts';
import type { StoredItem } from '../domain/format/stored-item.ts';

/** The format number of the table, and the keys by which a table without one is judged. */
export interface FormatStore {
  /** Strongly consistent. */
  read(): Promise<FormatNumber | undefined>;
  /** Sets the number where it still is what was read; `false` when another process was first. */
  write(next: FormatNumber, expected: FormatNumber | undefined): Promise<boolean>;
  /** Shows the keys of every item but the number, page by page in no order. What `see` throws ends the walk. */
  keys(see: (page: readonly ItemKeys[]) => void): Promise<void>;
}

/** The items of the table, for a migration to move. */
export interface StoredItems {
  /** A page of every item but the number, after a position. No `next`: it was the last page. */
  page(after: string | undefined): Promise<{ readonly items: readonly StoredItem[]; readonly next?: string }>;
  /** Puts others in the place of an item, in one transaction; `false` where it changed since it was read. */
  replace(item: StoredItem, others: readonly StoredItem[]): Promise<boolean>;
  /** One item by its key, as it is now. */
  read(key: Pick<StoredItem, 'PK' | 'SK'>): Promise<StoredItem | undefined>;
}

/** Whether this process may serve the table: rejects with the fault `FormatUnsupported` when it may not. */
export type FormatCheck = () => Promise<void>;
